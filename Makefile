# Every target is one command; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help build demo test check bench soak format clean

# Where the demo's story plays: make demo DEMO=postgresql, mysql or mariadb
DEMO ?= postgresql

help: ## lists these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

build: ## builds the program: target/agentroles/bin/agentroles
	@scripts/maven package -Dmaven.test.skip=true
	@scripts/assemble

demo: build ## shows the main job on a throw-away server and OpenBao
	@scripts/demo $(DEMO)

test: ## runs every test on every supported server
	@scripts/test

check: ## format, Error Prone, NullAway, the table of rooms, shellcheck if it is here; no server
	@scripts/maven spotless:check test-compile surefire:test -Dtest=RoomsTest
	@! command -v shellcheck > /dev/null || shellcheck $(filter-out scripts/shop,$(wildcard scripts/*)) .ci/run src/main/launcher/agentroles

bench: build ## measures speed and memory against a floor of the same run
	@scripts/bench $(BENCH)

soak: ## kills and cuts off rotations at random for ten minutes: make soak SECONDS=600 SEED=1
	@scripts/soak $(SECONDS) $(SEED)

format: ## formats the sources
	@scripts/maven spotless:apply

clean: ## removes what was built; servers and libraries stay cached
	@rm -rf target
