# make run and make test are the two commands a newcomer needs; the others are told in README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
EMBED := EMBEDDED=1
# Makes VAR_DIR with its keys; importing the settings writes nothing.
FOLDER := $(BIN)/python -m mentoring.devtools.folder
.DEFAULT_GOAL := help
.PHONY: help run test check services-test prove mutate bench manage lock setup setup-dev

help:
	@echo "make run · test · check · services-test · prove · mutate · bench · manage CMD='…' · lock"

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.runtime
	@$(BIN)/python -m mentoring.operations.set_up

setup-dev: $(VENV)/.dev setup

run: setup
	@$(EMBED) $(BIN)/python -m mentoring.devtools.run

# Without byte code each of the many processes that tests start would compile the program anew.
test services-test prove: export PYTHONDONTWRITEBYTECODE =

test: setup-dev
	@VAR_DIR=$${TEST_VAR:-var/test} $(FOLDER)
	@$(EMBED) VAR_DIR=$${TEST_VAR:-var/test} $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

services-test: setup-dev
	@VAR_DIR=var/services-test $(FOLDER)
	@$(EMBED) VAR_DIR=var/services-test REQUIRE_SERVICES=1 \
	  DATABASE_URL=$${DATABASE_URL:-postgres://root@127.0.0.1:5432/test} REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/0} \
	  $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --ignore tests/journeys $(ARGS)

check: setup-dev
	@$(BIN)/python -m tests.check

prove: setup-dev
	@VAR_DIR=var/prove $(FOLDER)
	@$(EMBED) VAR_DIR=var/prove $(BIN)/python -m tests.prove $(ARGS)

mutate: setup-dev
	@$(BIN)/python -m tests.mutate $(ARGS)

bench: setup-dev
	@VAR_DIR=var/bench $(FOLDER)
	@$(EMBED) VAR_DIR=var/bench $(BIN)/python -m tests.bench

manage: setup
	@$(FOLDER)
	@$(EMBED) $(BIN)/python manage.py $(CMD)

lock: setup-dev
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-emit-index-url --custom-compile-command "make lock" requirements.in -o requirements.txt
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
