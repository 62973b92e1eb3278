# What a newcomer runs: make demo, make test. Each target makes .venv and installs into it what it needs.
# Variables: PYTHON=/path/to/python chooses the Python, DIR=folder where the demo writes its night,
# ARGS=... is handed on to pytest (test, check, coverage), to the benchmarks (bench) or to the bundle.

ifeq ($(filter oneshell,$(.FEATURES)),)
$(error regard needs GNU make 4, often installed as gmake)
endif

.DELETE_ON_ERROR:
.NOTPARALLEL:
.ONESHELL:
.SHELLFLAGS = -ec
MAKEFLAGS += --no-print-directory --no-builtin-rules

# Newest first; the locks in requirements/ are resolved for each of them.
PYTHONS := python3.15 python3.14 python3.13 python3.12 python3.11 python3
PACKAGES := protocol machine sim verify regard

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled modules are kept: tests start hundreds of processes, and each would compile what it imports.
export PYTHONDONTWRITEBYTECODE :=
pip = .venv/bin/python -m pip --quiet

# A .venv whose Python has gone is made anew.
ifneq ($(wildcard .venv/.python),)
ifneq ($(shell .venv/bin/python -c 'print("works")' 2>/dev/null),works)
$(shell rm -rf .venv)
endif
endif

.PHONY: help demo test check coverage lint format docs pictures site catalogues bench bundle lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{ printf "  make %-9s", $$2; $$1 = $$2 = ""; print }'

demo: .venv/.demo ## simulate an election night and verify it
	@.venv/bin/regard demo $(if $(DIR),"$(DIR)")

test: .venv/.test ## run the tests
	@.venv/bin/python -m pytest -n auto -m "not check" $(ARGS)

check: .venv/.test ## run the tests that take too long for make test
	@.venv/bin/python -m pytest -n auto -m check $(ARGS)

coverage: .venv/.test ## run the tests of both and list the lines that none of them reaches
	@.venv/bin/python -m pytest -n auto --cov --cov-report=term $(ARGS)

lint: .venv/.lint ## check style, types, names and lengths, import directions, generated documents, translations
	@.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --quiet --check .
	.venv/bin/mypy
	report=$$(.venv/bin/lint-imports --no-logo) || { printf '%s\n' "$$report"; exit 1; }
	report=$$(.venv/bin/python -m pytest -q -p no:cacheprovider tests/test_names.py) || { printf '%s\n' "$$report"; exit 1; }
	.venv/bin/python -m regard.docs --check
	.venv/bin/python -m regard.catalogues --check

format: .venv/.lint ## put imports and layout in order
	@.venv/bin/ruff check --quiet --fix-only .
	.venv/bin/ruff format --quiet .

docs: .venv/.demo ## write the generated documents anew
	@.venv/bin/python -m regard.docs

pictures: .venv/.demo ## make the pictures of the README anew
	@.venv/bin/python -m regard.pictures

catalogues: .venv/.lint ## bring the translations up to date with the texts
	@.venv/bin/python -m regard.catalogues

bench: .venv/.bench ## measure speed against other readers
	@.venv/bin/python -m bench $(ARGS)

# Its addresses are relative and nothing is loaded from elsewhere: the zip is read from a disk without internet.
# With --quiet mkdocs counts no warnings, and --strict would let dead links pass.
site: .venv/.site ## all documents as a site in two languages, in dist/site and as dist/regard-docs.zip
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict
	elsewhere='<(script|link|img|iframe)[^>]*(src|href)="?(https?:)?//|@import|@font-face'
	if grep -rEl "$$elsewhere" dist/site --include=*.html --include=*.css; then echo 'these load something from elsewhere' >&2; exit 1; fi
	cd dist && rm -f regard-docs.zip && ../.venv/bin/python -m zipfile -c regard-docs.zip site/

bundle: .venv/.demo .venv/.lock ## a folder to install from without internet, for Linux, Windows and macOS
	@.venv/bin/python -m bundle "$(or $(DIR),dist/bundle)" $(ARGS)

# Keeps the versions that a lock already has; to move to newer ones: make lock ARGS=--upgrade
lock: .venv/.lock ## resolve requirements/*.txt from pyproject.toml
	@compile() {
	    name=$$1; shift
	    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-build-options \
	        $(ARGS) "$$@" --output-file "requirements/$$name.txt" >/dev/null
	}
	compile lock --group lock
	compile lint --extra fast --extra pdf --extra report --extra serve --extra cluster --extra machines --extra outcomes --extra seal --group lint pyproject.toml
	compile test --extra fast --extra pdf --extra report --extra serve --extra cluster --extra machines --extra outcomes --extra seal --group test --constraints requirements/lint.txt pyproject.toml
	compile demo --extra fast --extra report --extra serve --extra machines --extra outcomes --extra seal --group build --constraints requirements/lint.txt pyproject.toml
	compile bench --extra fast --extra machines --extra seal --extra bench --group build --constraints requirements/lint.txt pyproject.toml
	compile site --group site --constraints requirements/lint.txt pyproject.toml

clean: ## remove what the other targets made
	@rm -rf .venv .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(PACKAGES) bench tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The first Python of the list that runs, is covered by the locks and can make an environment with pip in it.
# A name on the PATH proves nothing: it may be a shim without its Python, or lack venv or ensurepip.
.venv/.python:
	@for python in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do
	    "$$python" -c 'import sys, sysconfig; sys.exit(not (sys.implementation.name == "cpython" and (3, 11) <= sys.version_info[:2] <= (3, 15) and sys.version_info.releaselevel == "final" and not sysconfig.get_config_var("Py_GIL_DISABLED")))' >/dev/null 2>&1 || continue
	    rm -rf .venv
	    "$$python" -m venv .venv >/dev/null 2>&1 && .venv/bin/python -m pip --version >/dev/null 2>&1 || continue
	    printf '%s\n' "$$python" >$@
	    exit 0
	done
	rm -rf .venv
	echo 'regard needs Python 3.11 to 3.15 with venv and pip (on Debian: apt install python3-venv).' >&2
	echo 'None was found. Name one with: make PYTHON=/path/to/python ...' >&2
	exit 1

.venv/.demo .venv/.test .venv/.lint .venv/.bench .venv/.site: .venv/.%: requirements/%.txt pyproject.toml .venv/.python
	@case "$${LC_ALL:-$${LC_MESSAGES:-$$LANG}}" in
	fr*) echo 'Installation dans .venv de ce que demande make $* : moins d'\''une minute en général…' ;;
	*) echo 'Installing into .venv what make $* needs: usually less than a minute…' ;;
	esac >&2
	$(pip) install --require-hashes --only-binary=:all: -r $<
	$(pip) install --no-index --no-deps --no-build-isolation --editable .
	touch $@

.venv/.lock: requirements/lock.txt .venv/.python
	@$(pip) install --require-hashes --only-binary=:all: -r $<
	touch $@
