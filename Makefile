# Subclip. `make help` lists what can be made.

LINT := go tool -modfile=tools/go.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help run test lint format docs web screenshots build sample cluster bench-cut clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing, build, and start everything on this machine
	@scripts/setup.sh run
	@$(MAKE) --no-print-directory build
	@exec bin/subclip up

test: ## install what tests need and run all of them
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory lint
	scripts/web.sh --check
	go test -count=1 -timeout 30m ./...
	go test -count=1 -timeout 30m -race -short ./accounts ./catalog ./queue ./worker ./webhooks ./newsletter ./httpapi ./client

lint: ## check the code's style and likely mistakes
	$(LINT) config verify
	$(LINT) run ./...

format: ## put the code into its canonical form
	$(LINT) fmt ./...

docs: ## write the table of settings into the README
	go test ./cmd/subclip -run TestReadmeSettings -update

web: ## build the portal's style sheets and scripts; needs npm, for packages only
	scripts/web.sh

screenshots: build ## take the pictures of all pages in docs/screens
	go run ./scripts/screenshots

build: ## make bin/subclip
	go build -o bin/subclip ./cmd/subclip

sample: ## make sample.mp4, three minutes whose frames carry their number
	go run ./scripts/sample-video sample.mp4

cluster: build ## start the parts apart from local processes, as docker-compose.yml does
	scripts/cluster.sh --bin bin/subclip

bench-cut: ## measure the cutter on long masters; ARGS='-hours 0.1 -runs 1' for a short look
	@go run ./scripts/bench-cut $(ARGS)

clean: ## remove what was built; the data folder stays
	rm -rf bin
