# The front door. What it does stands in meson.build and tools/.
BUILD ?= build
export BUILD

.PHONY: build web demo test tsan lint bench fuzz soak package install clean help deps

build: web $(BUILD)/build.ninja
	ninja -C $(BUILD) programs

$(BUILD)/build.ninja:
	meson setup $(BUILD)

# What the portal's pages run in a browser. Without npm or a compiler for WebAssembly (exit status 3) the program has no
# portal, and says so.
web:
	@tools/build-web build-web || { [ $$? -eq 3 ] && \
		echo 'the public portal is left out: see above; tools/install-deps web installs what it takes' >&2; }

deps:
	@tools/install-deps build

demo: deps
	@$(MAKE) --no-print-directory build
	LOCKSTEP=$(abspath $(BUILD))/lockstep examples/pyongyang-2018/demo.sh
	LOCKSTEP=$(abspath $(BUILD))/lockstep examples/pyongyang-2018/network.sh
	LOCKSTEP=$(abspath $(BUILD))/lockstep examples/inspections-2018/demo.sh
	LOCKSTEP=$(abspath $(BUILD))/lockstep examples/talks-2018/demo.sh

test: deps
	@tools/install-deps test web browser
	@tools/run-tests

tsan: deps
	@tools/install-deps test
	@tools/run-tests --config tsan

lint: deps
	@tools/install-deps test lint
	@tools/lint

bench: deps
	@tools/install-deps bench web
	@$(MAKE) --no-print-directory build
	@tools/run-bench

fuzz: deps
	@tools/install-deps test
	@tools/run-fuzz --seconds 60

soak: deps
	@tools/install-deps test web browser soak lint
	@tools/run-tests --soak
	@tools/lint --whole

package: deps
	@tools/install-deps package web
	@tools/package

install: build
	meson install -C $(BUILD) --no-rebuild $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))

clean:
	rm -rf $(BUILD) $(BUILD)-gcc $(BUILD)-clang $(BUILD)-tsan build-web

help:
	@echo 'make build    build/lockstep, build/lockstep-verify and liblockstep'
	@echo 'make web      what the pages of the public portal run in a browser, in build-web; make build does it, too'
	@echo 'make demo     the 2018 process, carried through by the real program, on one machine and over a network; a round of inspections; the talks from Singapore to Hanoi'
	@echo 'make test     every test, in four builds, and a few seconds of each fuzz target'
	@echo 'make tsan     the part of it that ThreadSanitizer watches: what has threads'
	@echo 'make lint     layers, format, static analysis'
	@echo 'make bench    figures, also in build/bench.json'
	@echo 'make fuzz     each parser, a minute each'
	@echo 'make soak     the long tests: hundreds of kills, ten minutes of each fuzz target, Valgrind,'
	@echo '              the whole of static analysis'
	@echo 'make package  Debian packages, and a bundle that installs on a laptop without network, in build/package'
	@echo 'make install  [DESTDIR=…] programs, library, headers, man page'
	@echo 'make clean    removes the build folders'
