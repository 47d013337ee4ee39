# Every command of this project. It works with GNU make 3.81 too, which is the one that macOS has.

.PHONY: help lab test claims lint execute bench clean ready ready-to-test
.NOTPARALLEL:  # `make -j` must not set up twice at once
unexport PYTHONPATH PYTHONHOME  # they would let another project's packages in

python := .venv/bin/python

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

lab: ready  ## open the lessons in JupyterLab; PORT=8899 chooses the port
	@$(python) -m tools.lab $(if $(PORT),--port="$(PORT)")

test: ready-to-test  ## run every test; ARGS="-k spiral" is handed on to pytest
	@$(python) -m tools.browser
	$(python) -m pytest $(ARGS)

claims: ready-to-test  ## test the figures in the lessons' prose over five seeds, where `make test` takes one
	$(python) -m pytest tests/test_claims.py --seeds 5

lint: ready-to-test  ## check the style of code and notebooks
	$(python) -m ruff check .
	$(python) -m ruff format --check .

execute: ready-to-test  ## run the notebooks and keep what they show; NOTEBOOKS="..." chooses some
	$(python) -m tools.execute $(NOTEBOOKS)

bench: ready-to-test  ## time the lessons' training against what you would use instead
	$(python) -m benchmarks

clean:  ## remove .venv and caches; your notebooks stay as they are
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.
ready:
	@sh tools/set_up.sh

ready-to-test: ready
	@sh tools/set_up.sh test
