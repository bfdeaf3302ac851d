# What CONTRIBUTING.md explains. Nothing here needs more than Go: tools come with the module (go tool).
.PHONY: build test race lint portable typecheck bench microbench matrix attacks mutate simulate fuzz test262 wpt kubernetes licenses release release-check clean

# build.flags holds what releases, benchmarks and the size of images are built with, too. The tag leaves out what writes manuals in Markdown,
# which costs half a millisecond at every start. What nobody waits for is not inlined: that is 0.4 MB of every image.
build: ## one static binary, bin/carjs
	CGO_ENABLED=0 go build $$(cat cmd/carjs/build.flags) -ldflags "-s -w" -o bin/carjs ./cmd/carjs

test: ## the ordinary tests
	go test ./...

race: ## the ordinary tests with the race detector, in the binary too: about twenty minutes
	go test -race -timeout 60m ./...

lint: ## formatting, vet, staticcheck
	@unformatted=$$(gofmt -l cmd host bindings connectors examples typings 2>/dev/null); \
	if [ -n "$$unformatted" ]; then echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

portable: ## everything, the tests too, compiles on the other systems (the first run compiles all dependencies: some minutes)
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...

typecheck: bin/tools/tsgo ## typings, connectors, examples and templates under strict (the first run builds the compiler: some minutes)
	@for f in typings connectors/reference $$(dirname examples/*/tsconfig.json); do echo "tsgo -p $$f"; bin/tools/tsgo -p $$f || exit 1; done
	PATH="$$PWD/bin/tools:$$PATH" go test -count=1 -run 'TestInitMakesAConnector|TestTypesAreChecked|TestEditorUnderlines|TestOwnOptionsCount|TestGuide|TestCookbookTypes' ./cmd/carjs

bin/tools/tsgo: go.sum ## the TypeScript compiler of the module, where tests find it on the path
	go build -o bin/tools/tsgo github.com/microsoft/typescript-go/cmd/tsgo

bench: ## full imports beside the same in Go, Node and Python, and imports after changes; BENCH="-short -against docs/bench/last.json" passes flags
	go run ./cmd/bench $(BENCH)

microbench: ## the benchmarks of all packages
	go test -run '^$$' -bench . -benchmem ./...

matrix: ## every request × every fault, about ten minutes on two cores; the ordinary tests run a sample
	CARJS_MATRIX=1 go test -count=1 -timeout 60m -run 'TestFaultMatrix|TestKill|TestForms|TestKindsOfAnswers' -v ./cmd/carjs

simulate: ## imports over a simulated network that fails, with crashes and rivals: SEEDS=5000 of them; a failure names its seed, SEED=n repeats it
	@out=$$(mktemp); CARJS_SEEDS=$${SEEDS:-5000} CARJS_SEED=$$SEED go test -count=1 -timeout 60m -run TestSimulation -v ./host >$$out; \
	status=$$?; grep -v "^ *--- PASS\|^=== " $$out; rm -f $$out; exit $$status

fuzz: ## each fuzz target of each package for FUZZTIME (10s); PACKAGES=./host/httpx and TARGETS=Waits choose some
	FUZZTIME=$(or $(FUZZTIME),10s) PACKAGES=$(or $(PACKAGES),./...) TARGETS='$(or $(TARGETS),.)' .ci/fuzz

# What guards data and secrets.
GUARDS = ./host/car ./host/internal/inventory ./host/settings ./host/submit ./host/redact ./host/failure ./host/model
mutate: ## mistakes in what guards data, one at a time: which ones no test notices; PACKAGES, SAMPLE (of each), MUTATE="-file commit.go" choose
	go run ./cmd/mutate $(if $(SAMPLE),-sample $(SAMPLE)) $(MUTATE) $(or $(PACKAGES),$(GUARDS))

TEST262 = bin/test262
$(TEST262)/harness:
	git init -q $(TEST262) && cd $(TEST262) && \
		timeout 120 git fetch -q --depth 1 https://github.com/tc39/test262 be13516fb6441b950ba8a3df97eb34062c186972 && \
		git sparse-checkout set harness test/built-ins test/language/literals && git checkout -q FETCH_HEAD

test262: $(TEST262)/harness ## the standard's own tests of what carjs replaces of the language, fetched at first (TEST262: a checkout)
	CARJS_TEST262="$(abspath $(TEST262))" go test -count=1 -timeout 30m -run TestConformance -v ./host/script

wpt: ## the web platform's own tests, in the folder WPT, which git fills if it is not there: some minutes
	[ -d "$(WPT)/resources" ] || { git clone --depth 1 --filter=blob:none --sparse https://github.com/web-platform-tests/wpt "$(WPT)" && \
		git -C "$(WPT)" sparse-checkout set common compression console dom/abort dom/events encoding fetch FileAPI hr-time html/webappapis interfaces \
		resources streams url user-timing WebCryptoAPI webmessaging xhr/formdata; }
	CARJS_WPT=$(abspath $(WPT)) go test -count=1 -timeout 30m -run TestWebPlatform ./bindings
WPT ?= bin/wpt

attacks: ## connectors that take more memory or time than they may, about five minutes; UPDATE=1 writes what comes of it to docs/security.md
	CARJS_ATTACKS=1 go test -count=1 -timeout 60m -run TestAttacks -v ./cmd/carjs $(if $(UPDATE),-update)

kubernetes: ## manifests and deployments against Kubernetes' own code, in a module of its own (the first run compiles it: some minutes)
	cd host/deploy/kubetest && go vet ./... && go test -count=1 ./...

release: ## all files of a release, in dist: VERSION (default: the tag), URL of the downloads, PLATFORMS, TYPESCRIPT (platforms with the compiler)
	cd cmd/release && go run . build $(if $(VERSION),-version $(VERSION)) $(if $(URL),-url $(URL)) \
		$(if $(PLATFORMS),-platform $(PLATFORMS)) $(if $(TYPESCRIPT),-typescript $(TYPESCRIPT))

release-check: ## the same, with its tests and without a tag; the TypeScript compiler takes many minutes for each platform (TYPESCRIPT=none)
	cd cmd/release && go vet ./... && go test -count=1 -timeout 30m ./...
	$(MAKE) release URL=$(or $(URL),https://example.com/carjs)

licenses: ## the licenses that carjs embeds, anew; after a change of what it depends on
	cd cmd/release && go run . licenses

clean:
	rm -rf bin dist
