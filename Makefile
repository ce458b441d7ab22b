# Two commands matter: `make demo` and `make test`. Each installs what it needs (Debian packages through apt where they are missing).
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# The browser, and what Playwright's own driver links against.
BROWSER := chromium=chromium libatomic.so.1=libatomic1
# What the relay is measured beside: another media server, and a forwarder that is built from C.
PEERS := janus=janus cc=gcc /usr/include/stdio.h=libc6-dev
# The second engine, a sound card for it that plays into nothing, and what makes an address where there is none.
FIREFOX := firefox-esr=firefox-esr pulseaudio=pulseaudio ip=iproute2
WEBKIT := WebKitWebDriver=webkit2gtk-driver Xvfb=xvfb
UV_COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate

.PHONY: help demo test check lint bench networks screenshots pages docs lock format clean

help: ## This list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## A working video visit on this computer; LAN=1 serves the local network over HTTPS
	@$(BIN)/video-visit demo $(if $(LAN),--lan) $(if $(PORT),--port $(PORT))

test: $(VENV)/.dev node_modules/.package-lock.json ## All tests, with real browsers and servers
	@bash .ci/need $(BROWSER) $(FIREFOX) $(WEBKIT) $(PEERS) turnserver=coturn
	node --test --test-reporter=dot tests/web/*.test.mjs
	$(BIN)/pytest

check: lint ## Lint, types, contracts and unit tests: what a commit must pass
	node --test --test-reporter=dot tests/web/*.test.mjs
	$(BIN)/pytest tests/unit

lint: $(VENV)/.dev node_modules/.package-lock.json
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	npx --no-install tsc -p tsconfig.json

bench: $(VENV)/.dev ## What the relay, beside its peers, and a full waiting room cost, as JSON lines
	@bash .ci/need $(BROWSER) $(PEERS)
	@$(BIN)/python -m loadtests.relay_bench $(foreach part,$(PART),--part $(part))
ifndef PART
	@$(BIN)/python -m loadtests.packet_profile
	@$(BIN)/python -m loadtests.visit_memory
	@$(BIN)/python -m loadtests.waiting_room_bench
	@$(BIN)/python -m tests.browser.measure_admission
	@$(BIN)/python -m tests.browser.measure_delay
	@$(BIN)/python -m tests.browser.measure_hold
	@$(BIN)/python -m tests.browser.measure_first_screen
endif

networks: $(VENV)/.dev ## What visits are like on bad networks, as JSON lines; takes five minutes
	@bash .ci/need $(BROWSER)
	@$(BIN)/python -m tests.browser.measure_bad_networks

screenshots: $(VENV)/.dev ## Pictures of the real pages into docs/screenshots
	@bash .ci/need $(BROWSER)
	$(BIN)/python -m tests.browser.pictures

pages: node_modules/.package-lock.json ## Join the pages' modules anew, after one has changed
	node web_client/build.mjs

docs: $(VENV)/.dev ## The parts of docs/ that are generated
	$(BIN)/python -m tests.support.generated_docs

format: $(VENV)/.dev ## Mend what can be mended by a program
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(VENV)/.dev ## Resolve the pinned versions anew
	$(UV_COMPILE) pyproject.toml requirements-build.in --extra cluster -o requirements.lock
	$(UV_COMPILE) pyproject.toml requirements-build.in --all-extras -c requirements.lock -o requirements-dev.lock

clean: ## Forget the environment and the demo's data
	rm -rf $(VENV) node_modules demo-data

$(BIN)/python:
	@bash .ci/need python3=python3 --venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

node_modules/.package-lock.json: package-lock.json package.json
	@bash .ci/need node=nodejs npm=npm
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
