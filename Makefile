# Everything a person who runs or changes Heed types. `make help` lists it.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SAMPLE ?= living
ARGS ?=

BIN := .venv/bin
BOOTSTRAP := $(PYTHON) config/bootstrap.py
# Tests share two cores; a library that starts a thread a core for each test process only slows them down. What one
# process compiles the next one reads, also where a container's image says that nothing be written.
TESTS := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 -q $(ARGS)

# The sender of mail is killed twenty times at 20,000 people.
LOOPBACK := HEED_TEST_KILLS=20 HEED_TEST_PEOPLE=20000 OMP_NUM_THREADS=1
CHECKED = $(shell $(BIN)/python -m tests.loopback.list_of_checks)

.DEFAULT_GOAL := help
.PHONY: help serve install check check-types check-rest test test-sqlite test-postgres test-slow test-loopback format messages \
	bench-web bench-grouping bench-scale bench-words bench-embedding bench-placing bench-typing bench-import bench-search bench-roadmap bench-site bench-fan-out bench-desk bench-map bench-forum bench-raid bench-crowd bench-load bench-neighbours bench-adverts bench-install constraints clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' Makefile

serve: ## install what is missing and start Heed (HOST=, PORT=, SAMPLE=living, vscode, reviews or none)
	@$(BOOTSTRAP) serve --host "$(HOST)" --port "$(PORT)" --sample "$(SAMPLE)"

install: ## install Heed with the tools of development
	@$(BOOTSTRAP) install --dev

check: install ## format, lint, types, import contracts, templates, migrations
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-types check-rest

check-types: ## the types alone, which take longest, so that `check` looks at all else meanwhile
	$(BIN)/mypy

check-rest: ## what `check` looks at beside the types
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/lint-imports --no-logo
	@find feedback -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --check --target-version 5.2 && echo "templates are in order"
	$(BIN)/python manage.py makemigrations --check --dry-run

test: install test-sqlite test-postgres ## the whole suite, on SQLite and on PostgreSQL

test-sqlite: install ## the suite on SQLite (ARGS="tests/forum -k vote" narrows it)
	@command -v chromium >/dev/null || echo "There is no chromium on this machine: the browser tests are skipped."
	HEED_TEST_DATABASE=sqlite $(TESTS)

test-postgres: install ## the suite on an embedded PostgreSQL
	HEED_TEST_DATABASE=postgres $(TESTS)

test-slow: install ## what the suite leaves out because it takes long, on both databases
	HEED_TEST_DATABASE=sqlite $(TESTS) --slow only
	HEED_TEST_DATABASE=postgres $(TESTS) --slow only

test-loopback: install ## the forty-five checks on both databases, the slow ones too; writes docs/ops/checks.md (an hour)
	rm -rf var/checks
	-$(LOOPBACK) HEED_TEST_DATABASE=sqlite $(BIN)/python -m pytest -q --timeout 7200 --slow too --checks var/checks $(CHECKED) $(ARGS)
	-$(LOOPBACK) HEED_TEST_DATABASE=postgres $(BIN)/python -m pytest -q --timeout 7200 --slow too --checks var/checks $(CHECKED) $(ARGS)
	$(BIN)/python -m tests.loopback.table var/checks

format: install ## write the code the way `make check` wants it
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet
	find feedback -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2

messages: install ## gather the interface's sentences for translation, and compile them
	cd feedback && ../$(BIN)/python ../manage.py makemessages --locale zh_Hans --add-location=file --no-obsolete --no-wrap
	$(BIN)/python manage.py compilemessages --ignore .venv

bench-web: install ## requests per second and p95 of the pages at 5,000 posts, and resident memory
	$(BIN)/python -m benchmarks.web $(ARGS)

bench-grouping: bench-install ## grouping quality on the labelled boards, beside EVoC and BERTopic (HEED_BENCH_DATA=)
	.venv-bench/bin/python -m benchmarks.grouping $(ARGS)

bench-scale: bench-install ## grouping time and memory at 100,000 posts, beside EVoC and BERTopic; growth to 400,000
	.venv-bench/bin/python -m benchmarks.scale $(ARGS)

bench-words: install ## late wishes, opposites, mood, titles and placing on judged boards
	$(BIN)/python -m benchmarks.words $(ARGS)

bench-embedding: install ## texts a second of the encoder, and its share of the bare models' own
	$(BIN)/python -m benchmarks.embedding $(ARGS)

bench-placing: install ## milliseconds to place one post among 100,000, part by part
	$(BIN)/python -m benchmarks.placing $(ARGS)

bench-typing: install ## p95 of `similar` over HTTP at 100,000 posts while four people type
	$(BIN)/python -m benchmarks.typing $(ARGS)

bench-search: install ## how well and how fast searches are answered, on both databases (HEED_BENCH_DATA=)
	$(BIN)/python -m benchmarks.search $(ARGS)
	$(BIN)/python -m benchmarks.search_speed $(ARGS)

bench-roadmap: install ## p95 of the pages of the roadmap at 2,000 items, on both databases
	$(BIN)/python -m benchmarks.roadmap $(ARGS)

bench-site: install ## what a member who posts waits while two products are grouped, and what people then see (HEED_BENCH_DATA=)
	$(BIN)/python -m benchmarks.site $(ARGS)

bench-fan-out: install ## seconds to tell 20,000 people, what who ships waits, and the memory of gathering 100,000 mails, on both databases
	$(BIN)/python -m benchmarks.fan_out $(ARGS)

bench-desk: install ## p95 of accepting a proposal and seeing the next, in a real browser, on both databases
	$(BIN)/python -m benchmarks.desk $(ARGS)

bench-map: install ## seconds to lay out the map of 50,000 posts, and with a twentieth new
	$(BIN)/python -m benchmarks.desk_map $(ARGS)

bench-forum: install ## what readers of 100,000 posts wait while others write, beside a small site, on both databases
	$(BIN)/python -m benchmarks.forum $(ARGS)

bench-raid: install ## what stands of 2,000 adverts by 200 accounts in ten minutes, and how many of 500 honest posts wait
	$(BIN)/python -m benchmarks.raid $(ARGS)

bench-neighbours: install ## what the HNSW index of PostgreSQL is worth where somebody types, and what it costs
	$(BIN)/python -m benchmarks.neighbours $(ARGS)

bench-crowd: install ## what sixteen readers wait while a thousand connections are idle and two hundred slow
	$(BIN)/python -m benchmarks.crowd $(ARGS)

bench-load: install ## what everybody waits for an hour at a fixed rate, and what is lost while processes are killed (ARGS="--kills 50")
	$(BIN)/python -m benchmarks.load $(ARGS)

bench-adverts: install ## how many adverts are found, and how many honest posts wait, on texts that nothing was learned from
	DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m benchmarks.learn_adverts --check

bench-install: install ## the grouping methods that the benchmarks compare with, in .venv-bench
	@$(BIN)/python -m benchmarks.install

constraints: install ## pin the versions of this environment, and the checksums of their files, in requirements/
	$(BIN)/python requirements/refresh.py

clean: ## remove caches; the data in var/ and .venv/ stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info build
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
