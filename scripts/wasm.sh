# shellcheck shell=bash
# The WebAssembly target (wasm32v1-none) that the runtime is compiled for. Sourced by `setup`.
#
# Two routes lead to it:
#   rustup  `rustup target add`, from the Rust project's own servers;
#   debian  where those cannot be reached: Debian's rustc, whose library sources are packaged too,
#           and the target's library built from them. The resulting toolchain is a folder in the
#           cache, linked into rustup as `depin-wasm`; nothing under /usr is changed.

WASM_TARGET=wasm32v1-none
# Time limit of `rustup target add`, in seconds.
RUSTUP_TIMEOUT="${DEPIN_RUSTUP_TIMEOUT:-120}"
DEBIAN_PACKAGES=(rustc-web cargo-web rust-web-src)
# Raise it when the recipe below changes: it is part of the toolchain's identity.
WASM_RECIPE=1

# Succeeds if the toolchain (default: the active one) can build for the target. It builds a crate,
# since a folder that is there may be half empty.
wasm_works() {
	local cargo=(cargo) dir result=0
	[ $# -gt 0 ] && cargo=(rustup run "$1" cargo)
	dir="$(mktemp -d)"
	wasm_crate "$dir"
	# As substrate-wasm-builder builds: release, thin LTO, panic = abort.
	(
		cd "$dir"
		env -u RUSTC -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR="$dir/target" \
			"${cargo[@]}" build --quiet --offline --release --target "$WASM_TARGET"
	) >"$dir/log" 2>&1 || result=1
	[ -s "$dir/target/$WASM_TARGET/release/depin_wasm_probe.wasm" ] || result=1
	[ "$result" = 0 ] || WASM_FAILURE="$(cat "$dir/log")"
	rm -rf "$dir"
	return "$result"
}

# Writes a crate without dependencies that needs core, alloc and compiler_builtins.
wasm_crate() {
	mkdir -p "$1/src"
	cat >"$1/Cargo.toml" <<-'END'
		[package]
		name = "depin-wasm-probe"
		version = "0.0.0"
		edition = "2021"
		[lib]
		crate-type = ["cdylib"]
		[profile.release]
		panic = "abort"
		lto = "thin"
		[workspace]
	END
	cat >"$1/src/lib.rs" <<-'END'
		#![no_std]
		extern crate alloc;
		use core::alloc::{GlobalAlloc, Layout};
		struct Never;
		unsafe impl GlobalAlloc for Never {
			unsafe fn alloc(&self, _: Layout) -> *mut u8 { core::ptr::null_mut() }
			unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
		}
		#[global_allocator]
		static NEVER: Never = Never;
		#[panic_handler]
		fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
		#[no_mangle]
		pub extern "C" fn probe(a: u64, b: u64) -> u64 {
			let v = alloc::vec![a; b as usize];
			v.iter().fold(0u128, |x, y| x * u128::from(*y)) as u64
		}
	END
}

# Records the route, for `depin_env`.
wasm_record() {
	mkdir -p "$DEPIN_CACHE"
	printf '%s\n%s\n' "$1" "${2:-}" >"$WASM_STATE.new"
	mv "$WASM_STATE.new" "$WASM_STATE"
}

wasm_by_rustup() {
	say "wasm: rustup target add $WASM_TARGET (at most $RUSTUP_TIMEOUT s)"
	timeout --kill-after=5 "$RUSTUP_TIMEOUT" rustup target add "$WASM_TARGET" || return 1
	wasm_works
}

wasm_by_debian() {
	command -v apt-get >/dev/null ||
		die "the Debian route to $WASM_TARGET needs apt-get; on this system: rustup target add $WASM_TARGET"
	command -v rustup >/dev/null ||
		die "the Debian route to $WASM_TARGET links a toolchain into rustup, and rustup is not there: https://rustup.rs"
	apt_install "${DEBIAN_PACKAGES[@]}"

	# The linker of the compiler's own LLVM.
	local version llvm
	version="$(/usr/bin/rustc -vV)"
	llvm="$(sed -n 's/^LLVM version: \([0-9]*\).*/\1/p' <<<"$version")"
	apt_install "lld-$llvm"

	local lld="/usr/lib/llvm-$llvm/bin/lld" toolchain="$DEPIN_CACHE/wasm-toolchain" identity
	[ -x "$lld" ] || die "no linker at $lld, where the package lld-$llvm should have put it"
	identity="$({
		echo "$WASM_RECIPE $toolchain $version"
		dpkg-query -W "${DEBIAN_PACKAGES[@]}" "lld-$llvm"
	} | sha256sum | cut -c1-12)"

	if [ "$(cat "$toolchain/identity" 2>/dev/null)" != "$identity" ]; then
		say "wasm: building core and alloc for $WASM_TARGET with $(head -1 <<<"$version")"
		wasm_library "$toolchain" "$lld"
		echo "$identity" >"$toolchain/identity"
	fi
	rustup toolchain link "$WASM_TOOLCHAIN" "$toolchain" >/dev/null
	wasm_works "$WASM_TOOLCHAIN" || die "the toolchain in $toolchain does not build for $WASM_TARGET:
$WASM_FAILURE"
	wasm_record debian "$identity"
}

# Makes the toolchain folder: Debian's programs and native library by symbolic links, and the
# target's library, built from Debian's sources.
wasm_library() {
	local dir="$1" lld="$2" work lib host
	host="$(/usr/bin/rustc -vV | sed -n 's/^host: //p')"
	rm -rf "$dir"
	mkdir -p "$dir/bin" "$dir/lib/rustlib/$host/bin" "$dir/lib/rustlib/$WASM_TARGET/lib"
	ln -s /usr/bin/cargo "$dir/bin/cargo"
	# A script, not a link: the compiler must look for libraries here and not under /usr.
	printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot %q "$@"\n' "$dir" >"$dir/bin/rustc"
	chmod +x "$dir/bin/rustc"
	ln -s "/usr/lib/rustlib/$host/lib" "$dir/lib/rustlib/$host/lib"
	ln -s /usr/lib/rustlib/src "$dir/lib/rustlib/src"
	ln -s "$lld" "$dir/lib/rustlib/$host/bin/rust-lld"

	work="$(mktemp -d)"
	wasm_crate "$work"
	# With bitcode, without which the runtime's thin LTO cannot use the library.
	(
		cd "$work"
		env -u RUSTUP_TOOLCHAIN -u CARGO_ENCODED_RUSTFLAGS RUSTC="$dir/bin/rustc" RUSTC_BOOTSTRAP=1 \
			RUSTFLAGS="-C embed-bitcode=yes" CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_RELEASE_LTO=off \
			/usr/bin/cargo build --release --target "$WASM_TARGET" -Zbuild-std=core,alloc
	) || { rm -rf "$work"; die "the library of $WASM_TARGET does not build"; }
	for lib in core alloc compiler_builtins; do
		cp "$work/target/$WASM_TARGET/release/deps/lib$lib"-*.rlib "$dir/lib/rustlib/$WASM_TARGET/lib/"
	done
	rm -rf "$work"
}

# Makes the target available by the first route that works, or by the route in DEPIN_WASM_ROUTE.
wasm_setup() {
	case "${DEPIN_WASM_ROUTE:-}" in
	'' | rustup | debian) ;;
	*) die "DEPIN_WASM_ROUTE is '$DEPIN_WASM_ROUTE'; it can be rustup or debian" ;;
	esac

	if [ "${DEPIN_WASM_ROUTE:-}" != debian ]; then
		if wasm_works; then
			wasm_record rustup
			say "wasm: the active toolchain has $WASM_TARGET"
			return
		fi
		if command -v rustup >/dev/null && wasm_by_rustup; then
			wasm_record rustup
			say "wasm: $WASM_TARGET installed by rustup"
			return
		fi
		[ "${DEPIN_WASM_ROUTE:-}" = rustup ] && die "rustup could not install $WASM_TARGET"
		say "wasm: rustup could not install $WASM_TARGET; Debian's compiler can build it"
	fi
	wasm_by_debian
	say "wasm: Debian's compiler, as toolchain $WASM_TOOLCHAIN"
}
