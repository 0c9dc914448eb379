# Every target names one command. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help walk test check kernels soak busy fuzz targets targets-check docs golden recordings site browsertest pictures bench

help: ## this list
	@echo '  make N              lesson N: one of' $(LESSONS)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

walk: ## all lessons, in order
	go run ./cmd/ptwalk all

# One target for each lesson, named by its number: make 3.
LESSONS := $(shell ls -d lessons/[0-9]*-* | sed 's|lessons/0*\([0-9]*\)-.*|\1|')
.PHONY: $(LESSONS)
$(LESSONS):
	go run ./cmd/ptwalk $@

test: ## all tests
	go test ./...

check: targets-check ## what must hold besides the tests: format, vet, staticcheck, targets
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	go vet ./...
	GOARCH=arm64 go vet ./...
	for on in darwin/arm64 windows/amd64 linux/arm64; do CGO_ENABLED=0 GOOS=$${on%/*} GOARCH=$${on#*/} go build -o /dev/null ./cmd/ptwalk || exit 1; done
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go mod tidy -diff

KERNELS ?=
kernels: ## lessons, tools and tests on other kernels, in qemu
	go run ./internal/kernels $(KERNELS)

SOAK ?= 5m
soak: ## random runs and random signals for minutes, and every fault: make soak SOAK=10m
	go test -p 1 ./cmd/ptwalk ./cmd/ptwalk/internal/attach -count=1 -v -timeout 24h -run '^TestSoak' -soak $(SOAK)

busy: ## all tests in a session of their own, without input, beside two busy loops
	(while :; do :; done) & one=$$!; (while :; do :; done) & two=$$!; \
		setsid -w go test -count=1 ./... <&-; status=$$?; kill $$one $$two; exit $$status

bench: ## ways to count, compared: ratios of one run, and docs/performance.md
	go run ./tracer/count/bench -o docs

FUZZ ?= 10s
fuzz: ## every fuzz target for some time each: make fuzz FUZZ=1m
	@for file in $$(grep -rlE --include='*_test.go' '^func Fuzz' . | sort); do \
		for name in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9]+).*/\1/p' $$file); do \
			echo "$$name in $$(dirname $$file)"; \
			go test $$(dirname $$file) -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ) || exit 1; \
		done; \
	done

targets: ## rebuild the traced programs in asm/bin (nasm, gcc, binutils, musl-tools)
	asm/build.sh

targets-check: ## prove that asm/bin is what asm/src builds
	asm/build.sh --check

golden: ## write the goldens of the lessons from runs on this machine
	go test ./lessons -run '^TestGolden(OfAnOlderKernel)?$$' -golden

recordings: ## write the recordings that ptwalk carries, from runs on this machine
	go test ./lessons/replay -run '^TestRecordingsAreOfTheseLessons$$' -record

docs: ## fill the pages of docs from the code and the goldens
	go test ./docs -weave

site: ## the walk as pages for a browser, in build/site
	rm -rf build/site
	go run ./cmd/ptwalk site build/site

browsertest: ## the site in a real browser (chromium, npm)
	cd lessons/site/browsertest && npm ci --no-audit --no-fund && go vet ./... && go test -count=1 -timeout 30m ./...

pictures: site ## the pictures in README.md, from runs on this machine (chromium)
	go run ./cmd/ptwalk 3 --color=always --width 80 --cast build/terminal.cast >/dev/null
	go run ./docs/pictures/terminal "-- 3  The system call" <build/terminal.cast >docs/pictures/terminal.svg
	cd lessons/site/browsertest && go run ./picture "file://$(CURDIR)/build/site/03-singlestep/play.html#step-32" $(CURDIR)/docs/pictures/player.png
