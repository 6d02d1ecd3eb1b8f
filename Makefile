# Seven verbs and nothing else.
.PHONY: setup run test check demo story bench

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
# A demonstration unless the environment or .env says otherwise.
DEMO = grep -qs '^MOTCUA_DEMO=' .env || export MOTCUA_DEMO=$${MOTCUA_DEMO:-1};

setup:
	@test -n "$(PYTHON)" || { echo "✗ Cần Python 3.11 trở lên: apt-get install python3 python3-venv"; \
		echo "  Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) .ci/setup

run: setup
	@$(DEMO) exec $(BIN)/python manage.py run

demo: setup
	@$(DEMO) exec $(BIN)/python manage.py run --then manage.py demo

story: setup
	@$(DEMO) exec $(BIN)/python manage.py run --then -m journeys.story

bench: setup
	@$(DEMO) exec $(BIN)/python manage.py run --then -m bench.run

test: setup
	@$(BIN)/python .ci/tools
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder motcua tests journeys

check: setup
	@$(BIN)/python .ci/check
