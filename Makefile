# `make` lists the targets. With uv on PATH the set-up comes from uv.lock; without it, plain pip does.
# Overrides: make PYTHON=python3.12 run · make UV= run (pip although uv is there) · make test ARGS="-k dateline"

PYTHON ?= python3
ARGS ?=
SECONDS ?= 60
EXTRAS := dask,html,http,lineage,metrics,near-duplicates,progress,s3,warc
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# What another environment says must not reach into this one.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
export UV_PROJECT_ENVIRONMENT := .venv
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The interpreter is uv's own choice unless one was asked for.
UV_PYTHON_FLAG = $(if $(filter file,$(origin PYTHON)),,--python "$(PYTHON)")

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# ---- set-up: one stamp for what runs, one for what tests, so that neither is made twice

.venv/.installed: pyproject.toml uv.lock
ifeq ($(UV),)
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "make: no '$(PYTHON)' here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: '$(PYTHON)' is not Python 3.11 or newer. Name one that is, for example: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: '$(PYTHON)' cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "make: setting up .venv; this fetches the dependencies, which may take a minute or two" >&2
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --editable .
else
	@echo "make: setting up .venv; this fetches the dependencies, which may take a minute or two" >&2
	"$(UV)" sync --quiet --frozen --no-default-groups --inexact $(UV_PYTHON_FLAG)
endif
	@touch $@

.venv/.installed-dev: .venv/.installed
ifeq ($(UV),)
	@# --group came with pip 25.1
	$(BIN)/python -m pip install --quiet 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev --editable '.[$(EXTRAS)]'
else
	"$(UV)" sync --quiet --frozen --group dev --all-extras $(UV_PYTHON_FLAG)
endif
	@touch $@

# What is asked for by a group of its own, such as .venv/.installed-bench.
.venv/.installed-%: .venv/.installed-dev
ifeq ($(UV),)
	$(BIN)/python -m pip install --quiet --group $*
else
	"$(UV)" sync --quiet --frozen --group dev --group $* --all-extras --inexact $(UV_PYTHON_FLAG)
endif
	@touch $@

# ---- what tests need of the system: fetched where apt and root are to be had. This never fails: what is missing is said,
# and the tests that need it are skipped and say so.

# $(1): packages of Debian; $(2): seconds they may take; $(3): what comes of it without them
define fetch-by-apt
{ if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then \
  echo "make: $(1) missing, and no way to install it (that takes root and apt): $(3)"; \
else \
  echo "make: installing $(1) with apt"; \
  export DEBIAN_FRONTEND=noninteractive; \
  fetch="apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20"; \
  { timeout 120 $$fetch update && timeout $(2) $$fetch install -y --no-install-recommends $(1); } >$@.log 2>&1 \
    && echo "make: installed $(1)" \
    || echo "make: apt could not install $(1) ($@.log says why): $(3)"; \
fi; }
endef

# A real PHP prints what the readers are held to; what its extension Xdebug prints, `make bench-quality` measures.
.venv/.php: | .venv/.installed-dev
	@command -v php >/dev/null 2>&1 || $(call fetch-by-apt,php-cli,300,tests against a real PHP are skipped)
	@! command -v php >/dev/null 2>&1 || php -m 2>/dev/null | grep -qi xdebug || \
	  $(call fetch-by-apt,php-xdebug,300,what Xdebug prints is not measured)
	@touch $@

# Faults are injected with strace.
.venv/.strace: | .venv/.installed-dev
	@command -v strace >/dev/null 2>&1 || $(call fetch-by-apt,strace,300,no faults are injected)
	@touch $@

# The cluster by ssh is tried with a real server.
.venv/.sshd: | .venv/.installed-dev
	@command -v sshd >/dev/null 2>&1 || [ -x /usr/sbin/sshd ] || \
	  $(call fetch-by-apt,openssh-server,300,no cluster is started by ssh)
	@touch $@

# A real browser opens the report.
.venv/.chromium: | .venv/.installed-dev
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || \
	  command -v google-chrome >/dev/null 2>&1 || $(call fetch-by-apt,chromium,600,no browser opens the report)
	@touch $@

.PHONY: install install-dev
install: .venv/.installed ## set up .venv with the command .venv/bin/descrape
install-dev: .venv/.installed-dev ## the same, with everything that tests and checks

# ---- the main job

.PHONY: run
run: .venv/.installed ## clean data/raw into data/clean
	@$(BIN)/descrape run data/raw --out data/clean --profile alalam-en --profile default || { \
	  status=$$?; [ $$status -eq 3 ] || exit $$status; \
	  echo "make run: committed; some inputs gave no article and stand in the table rejects"; }

.PHONY: report
report: .venv/.installed ## show data/clean on one page, build/report.html
	@mkdir -p build
	@$(BIN)/descrape report data/clean --output build/report.html $(ARGS)

# ---- the gate

.PHONY: test check format-check lint types layers docs-check
test: .venv/.installed-dev .venv/.php .venv/.strace .venv/.chromium ## run every test (ARGS="-k name" for some)
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: format-check lint types layers docs-check test ## the gate: all of the checks below, and the tests

format-check: .venv/.installed-dev ## is the code formatted?
	$(BIN)/python -m ruff format --check .

lint: .venv/.installed-dev ## ruff, every rule but the reasoned exceptions
	$(BIN)/python -m ruff check .

types: .venv/.installed-dev ## mypy, strict
	$(BIN)/python -m mypy

layers: .venv/.installed-dev ## do imports point down the floors?
	$(BIN)/lint-imports --no-logo

docs-check: .venv/.installed-dev ## are the generated pages up to date?
	$(BIN)/python docs/generate.py --check

# ---- measuring: too long for the gate, and never a timed test

.PHONY: bench-quality
bench-quality: .venv/.installed-bench .venv/.php ## how much is read right, on fresh seeds, beside other tools (ARGS="--only php_dumps")
	$(BIN)/python -m bench.quality $(ARGS)

.PHONY: bench
bench: .venv/.installed-dev ## what cleaning costs beside copying (ARGS="--documents 2000 --rounds 3" for a first look)
	$(BIN)/python -m bench.speed $(ARGS)

.PHONY: bench-peers
bench-peers: .venv/.installed-bench ## the same pages through other tools: cost, and what each leaves, loses, drops
	$(BIN)/python -m bench.speed.peers $(ARGS)

.PHONY: bench-growth
bench-growth: .venv/.installed-dev ## does cost grow with the pages alone, and memory not at all? up to a million (ARGS="--write docs")
	$(BIN)/python -m bench.speed.growth $(ARGS)

.PHONY: bench-guard
bench-guard: .venv/.installed-dev ## has cleaning become dearer than what was recorded? (ARGS=--record records it)
	$(BIN)/python -m bench.speed.guard $(ARGS)

.PHONY: bench-incremental
bench-incremental: .venv/.installed-dev ## what a run costs after 1 % changed (ARGS="--documents 20000")
	$(BIN)/python -m bench.incremental $(ARGS)

.PHONY: bench-forms
bench-forms: .venv/.installed-dev ## how fast each form of input is read (ARGS="--megabytes 2000 --only jsonl")
	$(BIN)/python -m bench.forms $(ARGS)

.PHONY: bench-engines
bench-engines: .venv/.installed-dev ## what the Dask engine costs beside this machine's processes (ARGS="--documents 20000")
	$(BIN)/python -m bench.engines $(ARGS)

.PHONY: bench-scale
bench-scale: .venv/.installed-dev ## measure the cost model of docs/scale.md and draw it (ARGS="--documents 4000")
	$(BIN)/python -m bench.scale $(ARGS)

.PHONY: kills
kills: .venv/.installed-dev ## kill processes of runs on a Dask cluster at any time (ARGS="--times 3")
	$(BIN)/python -m bench.kills $(ARGS)

.PHONY: clusters
clusters: .venv/.installed-clusters .venv/.sshd ## start clusters by the ready files: by ssh to a real server, and by dask-jobqueue
	CLUSTERS=1 $(BIN)/python -m pytest -n 0 tests/clusters/test_cluster_runs.py $(ARGS)

.PHONY: manifests
manifests: .venv/.installed-kubernetes ## hold the files for Kubernetes against the published schemas
	$(BIN)/python -m pytest -n 0 tests/test_manifests.py $(ARGS)

.PHONY: faults
faults: .venv/.installed-dev .venv/.strace ## break a run at each of its system calls (ARGS="--sample 30" for some)
	$(BIN)/python -m bench.faults $(ARGS)

# ---- exploring

.PHONY: fuzz
fuzz: .venv/.installed-fuzz ## explore the readers for a while (SECONDS=60); findings are left in build/fuzz/findings
	$(BIN)/python -m bench.fuzz --seconds $(SECONDS) $(ARGS)

.PHONY: prose
prose: .venv/.installed-dev .venv/.php ## put prose around leaks in every way, and look for words that are cut (ARGS="--pages 200000")
	$(BIN)/python -m bench.prose $(ARGS)

# ---- upkeep

.PHONY: format docs pictures notebook lock clean
format: .venv/.installed-dev ## format the code and mend what ruff can mend
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

docs: .venv/.installed-dev ## write the generated pages again
	$(BIN)/python docs/generate.py

pictures: .venv/.installed-dev .venv/.chromium ## draw the pictures of the pages again: terminals, and the report
	$(BIN)/python docs/pictures.py

notebook: .venv/.installed-notebook ## run the notebook again, and write what it prints and draws into it
	$(BIN)/python docs/notebook.py

lock: ## resolve uv.lock anew from pyproject.toml, from the public registry alone (needs uv)
	@command -v uv >/dev/null 2>&1 || { echo "make: 'lock' needs uv on PATH" >&2; exit 1; }
	env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS UV_NO_CONFIG=1 uv lock

clean: ## remove .venv, caches and builds; data/clean stays
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find pipeline tests docs -name __pycache__ -type d -prune -exec rm -rf {} +
