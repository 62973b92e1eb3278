"""What readers and the line say of what they expected and found, in French.

Inside, an error is English: it is data, the same for whoever reads it. `in_language` is for the moment it is shown.
"""

from __future__ import annotations

import functools
import re

LONGEST = 2000
"""Characters of the longest text that is looked up; no phrase comes near it."""

_HOLE = {"{n}": "([0-9]+)", "{}": "(.+?)", "{p}": "(.+?)", "{each}": "(.+?)"}
"""Holes of a phrase: a number, any value, another phrase, or several phrases with `` / `` between them."""

_FILES = {
    "a file": "un fichier",
    "a regular file": "un fichier ordinaire",
    "not a regular file": "pas un fichier ordinaire",
    "a file that can be read": "un fichier lisible",
    "a readable file": "un fichier lisible",
    "a part of this folder": "un élément de ce dossier",
    "a link that leads out of it, not followed": "un lien qui en sort, non suivi",
    "a link that leads nowhere": "un lien qui ne mène nulle part",
    "a file that nobody writes to meanwhile": "un fichier que personne n'écrit pendant ce temps",
    "one that was being written": "un fichier en cours d'écriture",
    "a file that the system makes up as it is read": "un fichier que le système fabrique à la lecture",
    "a pipe": "un tube",
    "a device": "un périphérique",
    "a socket": "une prise réseau",
    "a folder": "un dossier",
    "a link to a folder": "un lien vers un dossier",
    "a folder that cannot be listed": "un dossier dont on ne peut lire la liste",
    "something else": "autre chose",
    "nothing": "rien",
    "none": "aucun",
    "more": "davantage",
    "{n} bytes": "{} octets",
    "at most {n} bytes": "au plus {} octets",
    "at most {n} bytes in a line": "au plus {} octets par ligne",
    "at most {n} MiB": "au plus {} Mio",
    "at most {n} MiB when decompressed": "au plus {} Mio une fois décompressé",
    "more than {n} MiB when decompressed": "plus de {} Mio une fois décompressé",
    "an undamaged gzip file": "un fichier gzip intact",
    "a whole gzip file": "un fichier gzip entier",
    "one that was cut short": "un fichier coupé",
    "at most {n} gzip files in one": "au plus {} fichiers gzip en un seul",
    "an archive that can be unpacked in {n} MiB": "une archive qui se décompresse dans {} Mio",
    "one that needs {n} MiB": "une archive à qui il en faut {}",
    "records of at most {n} names in all": "des objets de {} noms différents au plus",
    "{n} names": "{} noms",
    "{n} records of {n} names": "{} objets de {} noms",
    "an archive of 1 to {n} files": "une archive de 1 à {} fichiers",
    "an undamaged zip file without password": "un fichier zip intact et sans mot de passe",
    "a workbook readable in {n} s": "un classeur lisible en {} s",
    "a workbook readable in {n} s and within bounds": "un classeur lisible en {} s et d'une taille raisonnable",
    "one that is not": "un classeur qui ne l'est pas",
    "one that cannot be read": "un classeur illisible",
    "more than fits in its memory": "plus que n'en contient la mémoire prévue",
    "more text than a workbook of its size holds": "plus de texte que n'en contient un classeur de cette taille",
    "{n} sheets": "{} feuilles",
    "a cell of {n} characters": "une cellule de {} caractères",
    "a workbook within bounds": "un classeur d'une taille raisonnable",
    "{}: {n} rows by {n} columns": "{} : {} lignes sur {} colonnes",
    "an undamaged workbook": "un classeur intact",
    "python-calamine, to read workbooks (pip install python-calamine)": (
        "python-calamine, pour lire les classeurs (pip install python-calamine)"
    ),
    "an installation without it": "une installation sans lui",
    "at most {n} objects and lists": "au plus {} objets et listes",
    "at most {n} values": "au plus {} valeurs",
    "numbers of less than {n} digits": "des nombres de moins de {} chiffres",
    "a longer one": "un nombre plus long",
    "each key once in an object": "chaque clé une seule fois dans un objet",
    "the same key twice": "deux fois la même clé",
    "values nested too deeply": "des valeurs imbriquées trop profondément",
    "JSON in UTF-8": "du JSON en UTF-8",
    "Expecting value: line {n} column {n} (char {n})": "une valeur manque à la ligne {}, colonne {} (caractère {})",
    "Expecting {} delimiter: line {n} column {n} (char {n})": "{} manque à la ligne {}, colonne {} (caractère {})",
    "Extra data: line {n} column {n} (char {n})": "une suite en trop à la ligne {}, colonne {} (caractère {})",
    "Unterminated string starting at: line {n} column {n} (char {n})": (
        "un texte sans guillemet à la fin, ligne {}, colonne {} (caractère {})"
    ),
    "a TOML file in UTF-8": "un fichier TOML en UTF-8",
    "a CSV file in UTF-8": "un fichier CSV en UTF-8",
    "more: the rest is not read": "davantage : le reste n'est pas lu",
    "JSON with an object `files` of names and SHA-256": "du JSON avec un objet `files` de noms et de SHA-256",
}
_EXPORTS_AND_MODULES = {
    "printable ASCII, then zeros only": "de l'ASCII imprimable, puis des zéros seulement",
    "ASCII text": "un texte ASCII",
    "a date as YYYYMMDD": "une date AAAAMMJJ",
    "zero beyond the number of choices": "zéro au-delà du nombre de choix",
    "a value that fits": "une valeur que le champ peut contenir",
    "{n} to {n}": "de {} à {}",
    "{n} to {n}, or {} for never": "de {} à {}, ou {} pour jamais",
    "{} (of the bytes before it)": "{} (celle des octets précédents)",
    "version {n}": "version {}",
    "{n} bytes from byte {n}": "{} octets à partir de l'octet {}",
    "{n} more bytes": "{} octets de plus",
    "the end of the record": "la fin de l'enregistrement",
    "the end of the file": "la fin du fichier",
    "at least one record": "au moins un enregistrement",
    "an empty file": "un fichier vide",
    "a module image of 1 to {n} bytes": "une image d'urne de 1 à {} octets",
    "a module image of {n} bytes, version {n}": "une image d'urne de {} octets, version {}",
    "another mark of the format": "une autre marque de format",
    "another version": "une autre version",
    "another length": "une autre longueur",
    "a value that the format does not allow": "une valeur que le format n'admet pas",
    "all in order": "tout en ordre",
    "zero": "zéro",
    "not zero": "autre chose que zéro",
    "erased": "vierge",
    "not erased": "autre chose que vierge",
    "good": "bon",
    "fails": "faux",
    "an erased entry, as the poll has no number": "une entrée vierge, le scrutin n'ayant pas de numéro",
    "poll {n}, or an erased entry": "le scrutin {}, ou une entrée vierge",
    "at least one poll": "au moins un scrutin",
    "a test vote of this module, or nothing": "un vote d'essai de cette urne, ou rien",
    "an entry, as there are later ones": "une entrée, puisqu'il en vient d'autres après",
    "a poll of this module": "un scrutin de cette urne",
    "0, as it concerns the whole machine": "0, cela concernant la machine entière",
    "nothing, as the module has no poll {n}": "rien, l'urne n'ayant pas de scrutin {}",
    "UTF-8, then zeros only": "de l'UTF-8, puis des zéros seulement",
    "a label": "un libellé",
    "a label without control characters, then zeros only": (
        "un libellé sans caractère de commande, puis des zéros seulement"
    ),
    "another label than those before it": "un autre libellé que ceux qui précèdent",
    "nothing, beyond the last choice": "rien, au-delà du dernier choix",
    "one of the module's polls {}": "un des scrutins de l'urne, {}",
    # kinds of problems, and what a finding is about
    "cannot be read": "illisible",
    "too large": "trop grand",
    "not an export": "n'est pas un export",
    "unknown version": "version inconnue",
    "cut short": "coupé",
    "bytes after the end": "octets après la fin",
    "lost step between two records": "pas perdu entre deux enregistrements",
}
_NIGHT = {
    "a text": "un texte",
    "a list": "une liste",
    "true or false": "true ou false",
    "a date": "une date",
    "a whole number": "un nombre entier",
    "a whole number, or null": "un nombre entier, ou null",
    "a whole number from 0 up": "un nombre entier à partir de 0",
    "a whole number from 0 up, or nothing": "un nombre entier à partir de 0, ou rien",
    "a signed whole number, or nothing": "un nombre entier avec son signe, ou rien",
    "a number from 1 to 5, each once": "un nombre de 1 à 5, chacun une fois",
    "HH:MM": "HH:MM",
    "HH:MM, 24 and more for after midnight, or nothing": "HH:MM, 24 et plus pour après minuit, ou rien",
    "at least one [[scrutins]]": "au moins un [[scrutins]]",
    "some of {}": "parmi {}",
    "one of {}": "l'un de : {}",
    "a poll of this day: {}": "un scrutin de ce jour : {}",
    "the number of a poll": "le numéro d'un scrutin",
    "the number of the panel": "le numéro du panneau",
    "no contest": "aucun scrutin connu de ce bureau",
}
_TABLES = {
    "text": "du texte",
    "a zero byte: this is not a text file": "un octet nul : ce n'est pas un fichier de texte",
    "UTF-16 that is cut or damaged": "de l'UTF-16 coupé ou abîmé",
    "quotes that are closed": "des guillemets fermés",
    "cells separated by {}": "des cellules séparées par {}",
    "cells between delimiters": "des cellules entre délimiteurs",
    "{p}: the rest is not read": "{} : le reste n'est pas lu",
    "{n}: not read": "{} : ligne non lue",
    "{n} cells": "{} cellules",
    "{n} to {n} cells": "de {} à {} cellules",
    "{n} cells and {n} for each choice": "{} cellules et {} pour chaque choix",
    "at most {n} cells": "au plus {} cellules",
    "{n} cells; the first are used": "{} cellules ; les premières sont retenues",
    "a table that fits in its memory": "un tableau qui tient dans la mémoire prévue",
    "a row of more than {n} bytes": "une ligne de plus de {} octets",
    "at most {n} votes": "au plus {} voix",
    "at most {n} rows": "au plus {} lignes",
    "at most {n} characters": "au plus {} caractères",
    "{n} characters, cut": "{} caractères, coupés",
    "an empty cell": "une cellule vide",
    "a table": "un tableau",
    "a header {}": "un en-tête {}",
    "a header only": "un en-tête seul",
    "a header not known": "un en-tête inconnu",
    "columns {}": "les colonnes {}",
    "columns such as {}": "des colonnes comme {}",
    "columns insee and bureau": "les colonnes insee et bureau",
    "{}; « {} » is near {p}": "{} ; « {} » est proche de {}",
    "a column « Code INSEE » or « Commune »": "une colonne « Code INSEE » ou « Commune »",
    "none, and {n} communes": "aucune, et {} communes",
    "the name of one commune of {p}": "le nom d'une seule commune, d'après {}",
    "the evidence": "les pièces",
    "{}; nearest « {} »": "{} ; le plus proche : « {} »",
    "{} again": "{} une seconde fois",
    "{} a second time": "{} une seconde fois",
    "{} twice": "{} deux fois",
    "each bureau once": "chaque bureau une fois",
    "each choice once": "chaque choix une fois",
    "each choice once a bureau": "chaque choix une fois par bureau",
    "the same in every row of a bureau": "le même dans toutes les lignes d'un bureau",
    "a row for one place": "une ligne pour un seul lieu",
    "{}: a total, left out": "{} : un total, laissé de côté",
    "a list of bureaux": "une liste de bureaux",
    "a list of choices": "une liste de choix",
    "at most {n} bureaux": "au plus {} bureaux",
    "{n}; the first are used": "{} ; les premiers sont retenus",
    "at most {n} choices in a contest": "au plus {} choix par scrutin",
    "machine or papier": "machine ou papier",
    "a bureau of {}": "un bureau de {}",
    "the code of a bureau": "le code d'un bureau",
    "the name of a choice over each column of votes": "le nom d'un choix au-dessus de chaque colonne de voix",
    "{n} columns of this name": "{} colonnes de ce nom",
    "a code ({})": "un code ({})",
    "{}, an id that a spreadsheet rounded: its last digits are lost": (
        "{}, un identifiant qu'un tableur a arrondi : ses derniers chiffres sont perdus"
    ),
    "{}, which looks like a date": "{}, qui ressemble à une date",
    "{}, a {n} that a spreadsheet turned into a date": "{}, un {} dont un tableur a fait une date",
    "one table of bureaux": "un seul tableau de bureaux",
    "{n} of them; the first is used": "{} ; le premier est retenu",
    "figures": "des chiffres",
}
_RESULTS = {
    "a count": "un nombre de voix ou d'électeurs",
    "the count of row {n}, {}": "le nombre de la ligne {}, {}",
    "the name of a choice for these votes": "le nom du choix de ces voix",
    "fewer problems": "moins de problèmes",
    "{n} more of them": "{} de plus",
    "at most {n} units and {n} votes": "au plus {} lignes et {} voix",
    "arrondissement and bureau, as 5-18": "arrondissement et bureau, comme 5-18",
    "results by bureau": "des résultats par bureau",
    "results by {p}": "des résultats par {}",
    "by {p}": "par {}",
    "departement": "département",
    "region": "région",
    "results of layout {}": "des résultats de la forme {}",
    "a known layout": "une forme connue",
    "a known layout of results": "une forme connue de résultats",
    "no known layout: {each}; known: {}": "aucune forme connue : {} ; connues : {}",
    "{}: no known layout: {each}; known: {}": "{} : aucune forme connue : {} ; connues : {}",
    "nothing in it": "rien dedans",
    "{p}, empty": "{}, vide",
    "{p}, starts with « {} »": "{}, commence par « {} »",
    "text, {}, delimiter {}": "texte, {}, délimiteur {}",
    "sheet « {} » of a workbook": "feuille « {} » d'un classeur",
    "JSON, a record for each unit": "JSON, un objet par ligne",
    "{}: no results by {p}": "{} : pas de résultats par {}",
    "{}: results by {p} do not add up to {p}": "{} : des résultats par {} ne s'additionnent pas par {}",
    "{}: results by {p} do not say their canton": "{} : des résultats par {} ne disent pas leur canton",
    "{}: rows that do not say to which {p} they belong": "{} : des lignes ne disent pas de quel {} elles sont",
    "{} by {}, {} by {}: no common level": "{} par {}, {} par {} : aucun niveau commun",
    "{}, {}: no choice in common, or no common level": "{}, {} : aucun choix ou aucun niveau en commun",
    "codes of bureaux without their zeros": "codes de bureau sans leurs zéros",
    "no bureau in any of the files given": "aucun bureau dans les fichiers donnés",
    "{}: no bureau with both votes found and signatures": (
        "{} : aucun bureau avec à la fois les votes trouvés et les émargements"
    ),
    "inscrits, votants and exprimés": "inscrits, votants et exprimés",
    "a row without one of them": "une ligne à qui l'un d'eux manque",
    "the polling day, in --date": "le jour du scrutin, par --date",
    "a file name that does not say it": "un nom de fichier qui ne le dit pas",
}
_LINE = {
    "the unit speaks version {n} of the protocol, this reader version {n}": (
        "l'unité parle la version {} du protocole, ce lecteur la version {}"
    ),
    "there is no readable module in the unit's slot": "pas d'urne lisible dans le logement de l'unité",
    "the unit names a module of {n} bytes; 1 to {n} can be read": (
        "l'unité annonce une urne de {} octets ; de 1 à {} peuvent être lus"
    ),
    "the unit's answer makes no sense: {} is {}": "la réponse de l'unité n'a pas de sens : {} vaut {}",
    "the unit's answer to {} is malformed: {n} bytes that are not its fields": (
        "la réponse de l'unité à {} est mal formée : {} octets qui n'en sont pas les champs"
    ),
    "answers come from the unit, but none to what was asked, for {n} seconds": (
        "l'unité répond, mais à rien de ce qui était demandé, depuis {} secondes"
    ),
    "{n} bytes came from the unit, but no whole frame, for {n} seconds": (
        "{} octets sont venus de l'unité, mais aucune trame entière, depuis {} secondes"
    ),
    "no answer from the unit, for {n} seconds": "aucune réponse de l'unité, depuis {} secondes",
    "the unit refuses: {p}": "l'unité refuse : {}",
    "it does not know this command": "elle ne connaît pas cette commande",
    "the request is malformed": "la demande est mal formée",
    "the address or the length is out of range": "l'adresse ou la longueur est hors limites",
    "there is no readable module in its slot": "pas d'urne lisible dans son logement",
    "it gives a reason that is not known here": "elle donne une raison inconnue ici",
    "cannot listen on {}: expected pty, or tcp:PORT with PORT from 0 to 65535": (
        "impossible d'écouter sur {} : attendu pty, ou tcp:PORT avec PORT de 0 à 65535"
    ),
    "cannot listen on pty: this system has no pseudo-terminals, use tcp:PORT": (
        "impossible d'écouter sur pty : ce système n'a pas de pseudo-terminaux, utiliser tcp:PORT"
    ),
    "cannot listen on {}: {p}": "impossible d'écouter sur {} : {}",
    "cannot open a pseudo-terminal: {p}": "impossible d'ouvrir un pseudo-terminal : {}",
    "cannot open the port {}: {p}": "impossible d'ouvrir le port {} : {}",
    "the connection to {} is gone: {p}": "la connexion à {} est perdue : {}",
    "another module is in the unit: reading began with {p}; now {p}": (
        "une autre urne est dans l'unité : la lecture a commencé avec {} ; à présent {}"
    ),
    "module {}, machine {}, {n} bytes": "urne {}, machine {}, {} octets",
    "{}: the two passes of this reading differ at byte {n}; --force starts anew": (
        "{} : les deux passes de cette lecture diffèrent à l'octet {} ; --force recommence"
    ),
    "the two passes differ at byte {n}: {}, then {}; the module or its contact is not stable": (
        "les deux passes diffèrent à l'octet {} : {}, puis {} ; l'urne ou son contact n'est pas stable"
    ),
    "{} is an unfinished reading: --resume goes on, --force starts anew": (
        "{} est une lecture inachevée : --resume continue, --force recommence"
    ),
    "{} exists without its module image: --force replaces it": (
        "{} existe sans son image d'urne : --force le remplace"
    ),
    "the state of an unfinished reading": "l'état d'une lecture inachevée",
    "the format {}": "le format {}",
    "a record of each connection": "un relevé de chaque connexion",
    "{n} bytes with SHA-256 {}": "{} octets de SHA-256 {}",
    "{n} with {}": "{} de {}",
    "compared <= read <= image_length": "compared <= read <= image_length",
    "another order": "un autre ordre",
}
_FINDINGS = {
    # sums, and what is wrong with a figure
    "registered - voters": "inscrits - votants",
    "voters - blank - null": "votants - blancs - nuls",
    "<= voters - blank": "<= votants - blancs",
    "votes found - blank - null": "votes trouvés - blancs - nuls",
    "sum of the votes": "somme des voix",
    "truncated": "tronqué",
    "wrong": "faux",
    "unreadable": "illisible",
    "digits transposed": "deux chiffres intervertis",
    "one digit": "un chiffre",
    # what was read as what
    "nothing filled in": "rien de rempli",
    "not used": "non utilisé",
    "{n} rows without bureau and figures left out": "{} lignes de côté, sans bureau ni chiffres",
    # how much of a file was used
    "{n} files": "{} fichiers",
    "{n} more files": "{} autres fichiers",
    "{} = {n} instead of {n}": "{} = {} au lieu de {}",
    "{n} files or more": "{} fichiers ou plus",
    "too many files to name": "trop de fichiers pour les nommer",
    "never opened: no evidence": "jamais ouvert : ce n'est pas une pièce",
    "no folder of this name is read": "aucun dossier de ce nom n'est lu",
    "another was given in its place": "un autre a été donné à sa place",
    "no file of this kind is read": "aucun fichier de cette sorte n'est lu",
    "no file of this name is read in a folder: --pv, --emargements, --voix, --published read it": (
        "aucun fichier de ce nom n'est lu dans un dossier : --pv, --emargements, --voix, --published le lisent"
    ),
    "it could not be checked": "il n'a pas pu être contrôlé",
    "{n} rows or cells that could not be used": "{} lignes ou cellules n'ont pas pu servir",
    "of no poll of this day: not compared": "d'aucun scrutin de ce jour : comparé à rien",
    "some sheets are not used": "des feuilles ne servent pas",
    "of another bureau or election, or there a second time": "d'un autre bureau ou scrutin, ou là une seconde fois",
    "a checksum that differs": "une somme de contrôle fausse",
}
_COMMAND_LINE = {
    "expected {p}, got {p}": "attendu {}, trouvé {}",
    "a whole number from {n} to {n}": "un nombre entier de {} à {}",
    "a number from {n} to {n}": "un nombre de {} à {}",
    "a date as YYYY-MM-DD": "une date AAAA-MM-JJ",
    "a time as YYYY-MM-DDTHH:MM:SS": "un moment AAAA-MM-JJTHH:MM:SS",
    "hours such as 8-20, opening before 12 and closing after 17": (
        "des heures comme 8-20, ouverture avant 12, clôture après 17"
    ),
    # what argparse says
    "argument {}: {p}": "argument {} : {}",
    "the following arguments are required: {}": "il manque : {}",
    "unrecognized arguments: {}": "argument inconnu : {}",
    "ambiguous option: {} could match {}": "option ambiguë : {} peut être {}",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "expected {n} arguments": "{} valeurs sont attendues",
    "ignored explicit argument {}": "la valeur {} est de trop",
    "invalid int value: {}": "{} n'est pas un nombre entier",
    "invalid choice: {} (choose from {})": "{} n'est pas l'un des choix : {}",
    "invalid choice: {}, maybe you meant {}? (choose from {})": "{} n'est pas l'un des choix ; est-ce {} ? Choix : {}",
}
_SYSTEM = {
    "No such file or directory": "aucun fichier de ce nom",
    "Permission denied": "accès refusé",
    "Operation not permitted": "opération non permise",
    "Is a directory": "c'est un dossier",
    "Not a directory": "n'est pas un dossier",
    "File exists": "existe déjà",
    "File name too long": "nom de fichier trop long",
    "Too many levels of symbolic links": "liens qui tournent en rond",
    "Too many open files": "trop de fichiers ouverts",
    "the disk gives back other bytes than were written": "le disque rend d'autres octets que ceux qui ont été écrits",
    "No space left on device": "plus de place sur le disque",
    "Disk quota exceeded": "quota du disque dépassé",
    "Read-only file system": "système de fichiers en lecture seule",
    "Input/output error": "erreur d'entrée-sortie",
    "Device or resource busy": "occupé par un autre programme",
    "Resource temporarily unavailable": "occupé pour l'instant",
    "Address already in use": "adresse déjà utilisée",
    "Connection refused": "connexion refusée",
    "Connection reset by peer": "connexion coupée par l'autre bout",
    "Broken pipe": "connexion coupée",
    "Stale file handle": "fichier qui n'est plus là",
    "File is not a zip file": "pas un fichier zip",
    "field larger than field limit ({n})": "une cellule de plus de {} caractères",
    "'utf-8' codec can't decode byte {} in position {n}: {}": "l'octet {} à la position {} n'est pas de l'UTF-8 ({})",
    "Inappropriate ioctl for device": "pas un port série",
    "Could not configure port: ({n}, '{p}')": "({}) {}",
    "Could not open port {}: {p}": "port {} : {}",
    "[Errno {n}] {p}": "[Errno {}] {}",
    "[Errno {n}] {p}: '{}'": "[Errno {}] {} : '{}'",
    "[Errno {n}] could not open port {}: {p}": "[Errno {}] port {} : {}",
}
"""What the system and the libraries say most often. The rest of it stays English."""
_TOML = {
    "{p} (at line {n}, column {n})": "{} (ligne {}, colonne {})",
    "{p} (at end of document)": "{} (à la fin du fichier)",
    "Invalid statement": "une ligne qui n'est pas du TOML",
    "Invalid value": "une valeur qui n'est pas du TOML",
    "Unterminated string": "un texte sans guillemet à la fin",
    "Unclosed array": "une liste non fermée",
    "Cannot overwrite a value": "un nom donné deux fois",
    "Cannot declare {} twice": "{} déclaré deux fois",
    "Expected '=' after a key in a key/value pair": "un nom sans « = » à sa suite",
    "Expected ']' at the end of a table declaration": "un titre sans « ] » à la fin",
    "Expected newline or end of document after a statement": "une ligne qui continue après sa valeur",
    "Unescaped '\\' in a string": "une barre oblique inverse seule dans un texte",
}

_ROOMS = (_FILES, _EXPORTS_AND_MODULES, _NIGHT, _TABLES, _RESULTS, _LINE, _FINDINGS, _COMMAND_LINE, _SYSTEM, _TOML)


def in_language(text: str, language: str) -> str:
    """A phrase in ``fr`` or ``en``, with its values as they are and the word after a 1 in the singular.

    Only whole phrases are known; any other text comes back as it is.
    """
    found = _found(text) if len(text) <= LONGEST else None
    if found is None:
        return text
    french, holes, values = found
    if language == "fr":
        text = french.format(*(_filled(hole, value) for hole, value in zip(holes, values, strict=True)))
    return re.sub(r"^1 (more )?([^\W\d_]+)s\b", r"1 \1\2", text)


def is_known(text: str) -> bool:
    """Whether a text is a phrase that has its French."""
    return _found(text) is not None


def _filled(hole: str, value: str) -> str:
    if hole == "{each}":
        return " / ".join(in_language(part, "fr") for part in value.split(" / "))
    return in_language(value, "fr") if hole == "{p}" else value


def _found(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """The French of a phrase, its holes and what fills them."""
    fixed, open_ones = _phrases()
    if text in fixed:
        return fixed[text], (), ()
    for start, end, pattern, holes, french in open_ones:
        if text.startswith(start) and text.endswith(end) and (match := pattern.fullmatch(text)) is not None:
            return french, holes, match.groups()
    return None


@functools.cache
def _phrases() -> tuple[dict[str, str], list[tuple[str, str, re.Pattern[str], tuple[str, ...], str]]]:
    """Phrases without holes, and those with some: first those that end another phrase, then those that say most."""
    fixed: dict[str, str] = {}
    open_ones = []
    for english, french in (pair for room in _ROOMS for pair in room.items()):
        parts = re.split(r"(\{(?:n|p|each)?\})", english)
        holes = tuple(parts[1::2])
        if not holes:
            fixed[english] = french
            continue
        pattern = "".join(_HOLE.get(part) or re.escape(part) for part in parts)
        order = (not english.startswith("{p}"), -sum(map(len, parts[::2])))
        open_ones.append((order, (parts[0], parts[-1], re.compile(pattern, re.DOTALL), holes, french)))
    return fixed, [entry for _, entry in sorted(open_ones, key=lambda pair: pair[0])]
