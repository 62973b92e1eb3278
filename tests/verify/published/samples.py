"""A few rows of every layout of published results, written by hand: the shapes are real, places and figures are not."""

import io
import json
import re
import zipfile
from collections.abc import Collection
from xml.sax.saxutils import escape

UNIT = (
    "Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;Blancs;% Blancs/Ins;% Blancs/Vot;"
    "Nuls;% Nuls/Ins;% Nuls/Vot;Exprimés;% Exp/Ins;% Exp/Vot"
)
BUREAU = (
    "Code du département;Libellé du département;Code de la circonscription;Libellé de la circonscription;"
    f"Code de la commune;Libellé de la commune;Code du b.vote;{UNIT}"
)
FIRST = "400;100;25;300;75;12;3;4;0;0;0;288;72;96"
SECOND = "90;10;11,11;80;88,89;0;0;0;2;2,22;2,5;78;86,67;97,5"

PRESIDENTIAL = f"""{BUREAU};N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp
06;Alpes-Maritimes;08;8ème circonscription;079;Séranon-sur-Mer;0001;{FIRST};\
1;F;DE L'ÉTANG;Anne;188;47;65,28;2;M;PETIT-LUC;Jean-Marc;100;25;34,72
ZA;Guadeloupe;01;1ère circonscription;101;Les Îlets;01.1;{SECOND};\
2;M;PETIT-LUC;Jean-Marc;40;44,44;51,28;1;F;DE L'ÉTANG;Anne;38;42,22;48,72
"""
"""The second row has its candidates in an order of its own."""

LEGISLATIVE = f"""{BUREAU};N°Panneau;Sexe;Nom;Prénom;Nuance;Voix;% Voix/Ins;% Voix/Exp
01;Ain;01;1ère circonscription;004;Ambérac;0001;{FIRST};\
1;F;DURAND;Anne;REM;188;47;65,28;2;M;PETIT;Luc;FN;90;22,5;31,25;5;M;LE GOFF;Yann;DIV;10;2,5;3,47
01;Ain;02;2ème circonscription;005;Brénaz;0001;{SECOND};\
1;M;MARTIN;Paul;SOC;40;44,44;51,28;3;F;LEROY;Ève;LR;38;42,22;48,72
"""

EUROPEAN = f"""{BUREAU};N°Liste;Libellé Abrégé Liste;Libellé Etendu Liste;Nom Tête de Liste;Voix;% Voix/Ins;% Voix/Exp
01;Ain;01;1ère circonscription;004;Ambérac;0001;{FIRST};\
1;LISTE BLEUE;LISTE BLEUE POUR LA MER;DURAND Anne;188;47;65,28;2;LISTE VERTE;POUR LES FORÊTS;PETIT Luc;100;25;34,72
"""

ROWS_2012 = """1;01;004;Ambérac;4;10;0001;400;300;288;1;DURAND;Anne;DUR;188
1;01;004;Ambérac;4;10;0001;400;300;288;2;PETIT;Luc;PET;100
1;988;801;Bélep-Nord;1;1;0002;90;80;78;1;DURAND;Anne;DUR;40
1;988;801;Bélep-Nord;1;1;0002;90;80;78;2;PETIT;Luc;PET;38
2;01;004;Ambérac;4;10;0001;401;310;300;2;PETIT;Luc;PET;300
"""
ROWS_2007 = """1;01;004;Ambérac;0001;400;300;288;1;DURAND;Anne;DUR;188
1;01;004;Ambérac;0001;400;300;288;2;PETIT;Luc;PET;100
"""

MINISTRY_2024 = """Code département;Libellé département;Code commune;Libellé commune;Code BV;\
Inscrits;Votants;% Votants;\
Abstentions;% Abstentions;Exprimés;% Exprimés/inscrits;% Exprimés/votants;Blancs;% Blancs/inscrits;% Blancs/votants;\
Nuls;% Nuls/inscrits;% Nuls/votants;Numéro de panneau 1;Nuance candidat 1;Nom candidat 1;Prénom candidat 1;\
Sexe candidat 1;Voix 1;% Voix/inscrits 1;% Voix/exprimés 1;Elu 1;Numéro de panneau 2;Nuance candidat 2;Nom candidat 2;\
Prénom candidat 2;Sexe candidat 2;Voix 2;% Voix/inscrits 2;% Voix/exprimés 2;Elu 2
29;Finistère;29018;Brélès-Plage;"0001";400;300;75,00%;100;25,00%;288;72,00%;96,00%;12;3,00%;4,00%;0;0,00%;0,00%;\
1;ENS;DURAND;Anne;FEMININ;188;47,00%;65,28%;;7;UG;PETIT;Luc;MASCULIN;100;25,00%;34,72%;
ZA;Guadeloupe;ZA101;Les Îlets;2;90;80;88,89%;10;11,11%;78;86,67%;97,50%;0;0,00%;0,00%;2;2,22%;2,50%;\
3;DVG;ROCHE;Lia;FEMININ;78;86,67%;100,00%;élu;;;;;;;;;
"""
CONSTITUENCIES_2024 = """Code département;Libellé département;Code circonscription législative;\
Libellé circonscription législative;Inscrits;Votants;% Votants;Exprimés;Numéro de panneau 1;Nuance candidat 1;\
Nom candidat 1;Prénom candidat 1;Sexe candidat 1;Voix 1
01;Ain;0104;4ème circonscription;400;300;75,00%;288;1;ENS;DURAND;Anne;FEMININ;288
2A;Corse-du-Sud;2A01;1ère circonscription;90;80;88,89%;78;1;DVD;PETIT;Luc;MASCULIN;78
"""

BREST = """;Numéro;Bureau;Canton;Circo;Scrutin;Inscrits;Votants;Blancs;Nuls;Exprimés;Participation;\
Mme DE L'ÉTANG Anne - votes;Mme DE L'ÉTANG Anne - pourcentage;M. PETIT Luc - votes;M. PETIT Luc - pourcentage
0;104;SALLE DES FÊTES;4;02;Élections 1er tour;400;300;12;0;288;75,00 %;188;65,28 %;100;34,72 %
1;012;ÉCOLE;4;02;Élections 1er tour;90;80;0;2;78;88,89 %;40;51,28 %;38;48,72 %
"""
PARIS = """ID_BVOTE,SCRUTIN,ANNEE,TOUR,DATE,NUM_CIRC,NUM_QUARTIER,NUM_ARROND,NUM_BUREAU,NB_PROCU,NB_INSCR,NB_EMARG,\
NB_VOTANT,NB_BL,NB_NUL,NB_BL_NUL,NB_EXPRIM,de_l_etang_anne,petit_luc
5-18,Présidentielle,2017,1,2017/04/23,2,18,5,18,20,400,301,300,12,0,12,288,188,100
15-2,Présidentielle,2017,1,2017/04/23,1900/01/12,59,15,2,3,90,80,80,0,2,2,78,40,38
"""
RENNES = """CODE_ELECTION;NOM_ELECTION;NUMERO_TOUR;DATE_ELECTION;NIVEAU_DETAIL;NUMERO_LIEU;NOM_LIEU;ADRESSE_LIEU;\
NUMERO_CANTON;NOM_CANTON;NUMERO_CIRCONSCRIPTION;NOM_CIRCONSCRIPTION;NB_INSCRITS;NB_EMARGEMENTS;NB_BULLETINS;NB_BLANCS;\
NB_NULS;NB_EXPRIMES;POURCENTAGE-PARTICIPATION;VALID;CANDIDATS_1;NB_VOIX_1;POURCENTAGE_1;CANDIDATS_2;NB_VOIX_2;\
POURCENTAGE_2
D15;ELECTIONS DEPARTEMENTALES 2015;2;20150329;bu;111;École;;1;RENNES-1;8;8ème;400;301;300;12;0;288;75,25;O;\
Mme DURAND Anne et M. ROI Guy (UD);188;65,28;M. PETIT Luc et Mme LI Mei (DVG);100;34,72
D15;ELECTIONS DEPARTEMENTALES 2015;2;20150329;ca;1;RENNES-1;;1;RENNES-1;;;400;301;300;12;0;288;75,25;O;\
Mme DURAND Anne et M. ROI Guy (UD);188;65,28;M. PETIT Luc et Mme LI Mei (DVG);100;34,72
"""
NANTES = '''"BUREAU_DE_VOTE","INSCRITS","PROCURATIONS","VOTANTS","NULS","EXPRIMES","DURAND-ROI","PETIT-LI"
"111-École ""Molière""","400","20","300","12","288","188","100"
'''
TOULOUSE = """sequence;type;année;tour;département;commune;bv;canton;circonscription;Initial/Rectifié;inscrits;\
abstentions;votants;votants_emargement;blancs;nuls;exprimes;nombre_de_listes;listea;nbr_voix_listea;listeb;nbr_voix_listeb
2;DP;2015;2;31;555;155;16;1;R;400;100;300;301;12;0;288;2;62;188;137;100
"""
TOULOUSE_JSON = json.dumps(
    [
        {
            "datasetid": "elections-2015",
            "fields": {
                "nombre_d_inscrits": 400,
                "nombre_d_abstentions": 100,
                "nombre_de_votants": 300,
                "nombre_de_votants_d_apres_les_feuilles_d_emargement": 301,
                "nombre_de_bulletins_blancs": 12,
                "nombre_de_bulletins_nuls": 0,
                "nombre_d_exprimes": 288,
                "id_listea": 62,
                "nbr_voixlistea": 188,
                "id_listeb": 137,
                "nbr_voixlisteb": 100,
                "numero_du_bureau_de_vote_assn": 155,
                "code_du_departement_31": 31,
                "code_de_la_commune_555_toulouse": 555,
                "code_canton": 16,
                "code_circonscription": 1,
                "type_d_election_dp_pour_les_departementales": "DP",
                "indicatif_valeur_fixe_i_pour_resultat_initial_r_si_resultat_rectifie": "R",
            },
        }
    ]
)
CITY_TIDY = """code_insee,commune,bureau,inscrits,abstentions,votants,blancs,nuls,exprimes,DE L'ÉTANG,PETIT
95637,Vauréal,0001,400,100,300,12,0,288,188,100
"""
RESEARCHERS = """departement,commune,bureau,circonscription,commune_libelle,inscrits,votants,\
blancs,exprimes,DE L'ÉTANG,PETIT
01,004,0001,4,Ambérac,400,300,12,288,188,100
01,004,0A11,4,Ambérac,90,80,0,78,40,38
ZX,801,0019,1,Îlot-Nord,90,80,0,78,40,38
ZZ,001,0001,9,Port-Lointain,105891,80,0,78,40,38
"""
RESEARCHERS_COMMUNES = """departement,commune,commune_libelle,inscrits,votants,blancs,exprimes,DE L'ÉTANG,PETIT
01,004,Ambérac,490,380,12,366,228,138
ZX,801,Îlot-Nord,90,80,0,78,40,38
ZZ,001,Port-Lointain,105891,80,0,78,40,38
"""

DEPARTMENTS_2022 = f"""Code du département|Libellé du département|Etat saisie|{UNIT.replace(";", "|")}|\
Sexe|Nom|Prénom|Voix|% Voix/Ins|% Voix/Exp
01|Ain|Complet|'400|100|25|300|75|12|3|4|0|0|0|288|72|96|\
F|DE L'ÉTANG|Anne|188|47|65.28|M|PETIT|Luc|100|25|34.72
ZZ|Français établis hors de France|Complet|'90|10|11.11|80|88.89|0|0|0|2|2.22|2.5|78|86.67|97.5|\
M|PETIT|Luc|38|42.22|48.72|F|DE L'ÉTANG|Anne|40|44.44|51.28
"""
"""As in 2022: the header names one block, Inscrits is text."""

CONSTITUENCIES_2017 = f"""Résultats par circonscriptions législatives - Tour 2


Code du département|Libellé du département|Code de la circonscription|Libellé de la circonscription|\
{UNIT.replace(";", "|")}|N°Panneau|Sexe|Nom|Prénom|Voix|% Voix/Ins|% Voix/Exp|\
N°Panneau|Sexe|Nom|Prénom|Voix|% Voix/Ins|% Voix/Exp
1|Ain|4|4ème circonscription|400|100|25|300|75|12|3|4|0|0|0|288|72|96|\
1|F|DE L'ÉTANG|Anne|188|47|65.28|2|M|PETIT|Luc|100|25|34.72
"""
"""As in 2017: title rows, a header for every block, codes as numbers."""

NATION_2017 = """Résultats - Tour 2

France entière

.|Nombre|%ins|%vot||Candidat|Voix|%_ins|%_exp
Inscrits|400||||Mme DE L'ÉTANG Anne|188|47|65.28
Abstentions|100|25|||M. PETIT Luc|100|25|34.72
Votants|300|75
Blancs|12|3|4
Nuls|0|0|0
Exprimés|288|72|96

Métropole

.|Nombre|%ins|%vot||Candidat|Voix|%_ins|%_exp
Inscrits|300
"""


def workbook(sheets: dict[str, str], hidden: Collection[str] = ()) -> bytes:
    """An .xlsx with these sheets, cells between bars: numbers as numbers, unless an apostrophe makes them text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        kinds += f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
        links, names = "", ""
        for number, (name, rows) in enumerate(sheets.items(), 1):
            kinds += f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{main}.worksheet+xml"/>'
            target = f'Target="worksheets/sheet{number}.xml"'
            links += f'<Relationship Id="r{number}" Type="{_OFFICE}/relationships/worksheet" {target}/>'
            state = ' state="hidden"' if name in hidden else ""
            names += f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>'
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet(rows))
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{kinds}</Types>')
        root = f'<Relationship Id="r1" Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>'
        for part, content in (("_rels/.rels", root), ("xl/_rels/workbook.xml.rels", links)):
            archive.writestr(part, f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>')
        space = f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"'
        archive.writestr("xl/workbook.xml", f"<workbook {space}><sheets>{names}</sheets></workbook>")
    return out.getvalue()


def sheet(rows: str) -> str:
    """The XML of a sheet."""
    lines = []
    for number, row in enumerate(rows.splitlines(), 1):
        cells = ""
        for at, value in enumerate(row.split("|")):
            place = f'r="{_letters(at)}{number}"'
            if re.fullmatch(r"0|[1-9]\d*(\.\d+)?", value):
                cells += f"<c {place}><v>{value}</v></c>"
            elif value != "":
                text = escape(value.removeprefix("'"))
                cells += f'<c {place} t="inlineStr"><is><t>{text}</t></is></c>'
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def ods(sheets: dict[str, str]) -> bytes:
    """An .ods with these sheets, written as for `workbook`; empty cells and rows are repeated as LibreOffice has it."""
    tables = ""
    for name, rows in sheets.items():
        lines = ""
        for row in rows.splitlines():
            cells = "".join(map(_ods_cell, row.split("|")))
            lines += (
                f"<table:table-row>{cells}<table:table-cell table:number-columns-repeated='16000'/></table:table-row>"
            )
        lines += (
            "<table:table-row table:number-rows-repeated='1048000'>"
            "<table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
        )
        tables += f'<table:table table:name="{escape(name)}">{lines}</table:table>'
    spaces = " ".join(f'xmlns:{each}="{_OASIS}:{each}:1.0"' for each in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return ods_of(f"<office:document-content {spaces}>{body}</office:document-content>")


def ods_of(content: str) -> bytes:
    """An .ods with this ``content.xml``."""
    out = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def _ods_cell(value: str) -> str:
    if re.fullmatch(r"0|[1-9]\d*(\.\d+)?", value):
        number = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {number}><text:p>{value}</text:p></table:table-cell>"
    if value == "":
        return "<table:table-cell/>"
    text = escape(value.removeprefix("'"))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

TEXTS = {
    "ministry": PRESIDENTIAL,
    "ministry legislative": LEGISLATIVE,
    "ministry european": EUROPEAN,
    "ministry-2012": ROWS_2012,
    "ministry-2007": ROWS_2007,
    "ministry numbered": MINISTRY_2024,
    "ministry numbered constituencies": CONSTITUENCIES_2024,
    "city-brest": BREST,
    "city-paris": PARIS,
    "city-rennes": RENNES,
    "city-nantes": NANTES,
    "city-toulouse": TOULOUSE,
    "city-toulouse json": TOULOUSE_JSON,
    "city-tidy": CITY_TIDY,
    "researchers": RESEARCHERS,
    "researchers communes": RESEARCHERS_COMMUNES,
}
"""Every layout of texts, by its name and variant."""
