# The two commands of this project are `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
ENV := . scripts/env.sh
# Set when the package is for another machine than this one.
NATIVE := $(shell dpkg --print-architecture 2>/dev/null)
CROSS := $(filter-out $(NATIVE),$(ARCH))

.PHONY: help run test bench bench-vision bench-lights screenshots soak speed lighthouse build binary setup setup-test site site-dev server fmt measure deb build-arm64 arm64-test boot-test screen-test pi-test clean-demo
help:
	@grep -E '^## ' Makefile | sed 's/^## /  make /'

## run        set up what is missing, build, and serve a demo cellar on port 8000
run: build
	@scripts/run-demo.sh

## test       the whole suite: rules, database on two engines, HTTP, pages, units, browser
test: setup-test
	@scripts/test.sh

## build      release binary and site
build: setup server site

## binary     print the path of the release binary (use with -s)
binary:
	@$(ENV); echo "$$CARGO_TARGET_DIR/release/winecellar"

setup:
	@scripts/setup.sh build
setup-test:
	@scripts/setup.sh test

server:
	@$(ENV); echo "==> building the server"; cargo build --release --locked -p server --bin winecellar

site:
	@$(ENV); scripts/site.sh release
## site-dev   the browser half unoptimised and beside the debug binary, for tests and a quick look
site-dev:
	@$(ENV); scripts/site.sh light

## measure    print the figures of the README (release build)
measure: build
	@scripts/measure.sh

## bench      search, pages, import and movements with 50,000 bottles, on SQLite and MariaDB (release build)
bench: setup-test build
	@$(ENV); WINECELLAR_BIN="$$CARGO_TARGET_DIR/release/winecellar" node bench/run.mjs

## bench-vision  time and memory of reading 120 bins, beside OpenCV and onnxruntime; the series up to 4,000 bins
bench-vision: setup server
	@scripts/bench-vision.sh

## bench-lights  200 pictures of unchanged racks in other lights, scanned: how many bottles are falsely missing
bench-lights: setup
	@$(ENV); cargo build --release --locked -p server --bin winecellar -p vision --example studio; \
	python3 scripts/lights.py --program "$$CARGO_TARGET_DIR/release/winecellar" --studio "$$CARGO_TARGET_DIR/release/examples/studio" --work var/bench

## screenshots  pictures of every page at four sizes, dark and light, with a sheet to look at them (var/screenshots; LANGS=en,hu)
screenshots: setup-test build
	@$(ENV); WINECELLAR_BIN="$$CARGO_TARGET_DIR/release/winecellar" node end2end/screenshots.mjs var/screenshots --lang "$(or $(LANGS),en)"

## soak       a kiosk that stays open while 2,000 movements happen: growth of its memory (MINUTES=30)
soak: setup-test build
	@$(ENV); WINECELLAR_BIN="$$CARGO_TARGET_DIR/release/winecellar" node end2end/soak.mjs $(or $(MINUTES),30)

## speed      first paint, interactive and the answer to a finger, also at a quarter of the speed (release build)
speed: setup-test build
	@$(ENV); WINECELLAR_BIN="$$CARGO_TARGET_DIR/release/winecellar" node end2end/speed.mjs

## lighthouse  what Lighthouse says of home, rack and a bin; reports in var/lighthouse (release build)
lighthouse: setup-test build
	@$(ENV); scripts/setup.sh lighthouse; WINECELLAR_BIN="$$CARGO_TARGET_DIR/release/winecellar" node end2end/lighthouse.mjs var/lighthouse

## deb        the Debian packages, into target/deb (packaging/README.md); ARCH=arm64: for a Raspberry Pi, from a PC
deb: $(if $(CROSS),$(if $(filter arm64,$(CROSS)),build-arm64,$(error ARCH=$(ARCH): packages are made here for $(NATIVE) and arm64)),build)
	@$(ENV); packaging/deb.sh $(if $(CROSS),--arch $(CROSS))

build-arm64: setup site
	@scripts/setup.sh arm64; $(ENV); echo "==> building the server for arm64"; packaging/arm64/cargo.sh build --release --locked -p server --bin winecellar

## arm64-test  the program and the package for arm64 under qemu: counts and labels as here, both databases, a Debian with it installed (root)
arm64-test: build build-arm64
	@scripts/setup.sh arm64-test; $(ENV); end2end/arm64/run.sh

## boot-test  boot a Debian in a container, install the package, and live through what a box lives through (root; release build)
boot-test: build
	@$(ENV); end2end/boot/run.sh

## screen-test  boot a Debian with a screen in qemu and look at what the kiosk shows there (root; release build; some minutes; SUITE=trixie)
screen-test: build
	@scripts/setup.sh screen; $(ENV); end2end/screen/run.sh $(if $(SUITE),--suite $(SUITE))

## pi-test    packaging/pi.sh in a freshly booted Debian, packages over the network (root; release build; some minutes; SUITE=trixie)
pi-test: build
	@scripts/setup.sh test; $(ENV); end2end/pi/run.sh $(if $(SUITE),--suite $(SUITE))

## fmt        format the Rust sources
fmt:
	@cargo fmt --all

## clean-demo remove the demo cellar, so that the next `make run` makes a new one
clean-demo:
	@rm -rf var/demo
