# shellcheck shell=bash
# Functions that the scripts share. Sourced, never run.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# Folder of the files that stay between runs: compiled code, the WebAssembly toolchain.
DEPIN_CACHE="${DEPIN_CACHE:-$HOME/.cache/depin-node}"
# File of two lines, the route to the WebAssembly target and the toolchain's identity. Written by
# `setup`.
WASM_STATE="$DEPIN_CACHE/wasm-route"
# Name under which rustup knows the toolchain of the Debian route.
WASM_TOOLCHAIN=depin-wasm

STARTED=$SECONDS

say() {
	printf '[%3d:%02d] %s\n' $(((SECONDS - STARTED) / 60)) $(((SECONDS - STARTED) % 60)) "$*"
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Sets the environment of every build: one target folder for all clones, the system's OpenSSL, and
# the toolchain of the WebAssembly target.
depin_env() {
	export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$DEPIN_CACHE/target}"
	export OPENSSL_NO_VENDOR=1
	[ -d "$HOME/.cargo/bin" ] && export PATH="$HOME/.cargo/bin:$PATH"

	local route='' identity=''
	if [ -f "$WASM_STATE" ]; then
		{ read -r route && read -r identity; } <"$WASM_STATE" || true
	fi
	if [ "$route" = debian ]; then
		export WASM_BUILD_TOOLCHAIN="$WASM_TOOLCHAIN"
		# Part of every fingerprint in the WebAssembly build, so that a rebuilt library rebuilds all
		# that was compiled against the old one.
		case " ${WASM_BUILD_RUSTFLAGS:-} " in
		*" depin_wasm_$identity "*) ;;
		*) export WASM_BUILD_RUSTFLAGS="${WASM_BUILD_RUSTFLAGS:+$WASM_BUILD_RUSTFLAGS }--cfg depin_wasm_$identity" ;;
		esac
	elif [ "${WASM_BUILD_TOOLCHAIN:-}" = "$WASM_TOOLCHAIN" ]; then
		unset WASM_BUILD_TOOLCHAIN
	fi
}

# Prints the folder of the release build's binaries.
bin_dir() {
	printf '%s/release' "$CARGO_TARGET_DIR"
}

# Prints the path of the runtime that `build-next-runtime` builds.
next_runtime() {
	printf '%s/release/wbuild/depin-runtime-next/depin_runtime_next.compact.compressed.wasm' \
		"$CARGO_TARGET_DIR"
}

# Builds by a command until the runtime that the command leaves at a path has the hash of its own
# metadata in it (RFC-78): wallets that show what they sign put that hash into what is signed. The
# hash is a constant of the runtime and no part of the metadata, so that the second build is the
# last. Nothing is built twice while the metadata does not change. The command builds the node, or
# the node has been built.
#
#   with_metadata_hash VARIABLE RUNTIME COMMAND...
#
# VARIABLE is the one that the runtime's build.rs reads.
with_metadata_hash() {
	local variable="$1" runtime="$2" hash='' found
	shift 2
	[ ! -f "$runtime.hash" ] || hash="$(<"$runtime.hash")"
	while true; do
		if [ -n "$hash" ]; then env "$variable=$hash" "$@"; else "$@"; fi
		found="$("$(bin_dir)/depin-node" metadata-hash --runtime "$runtime")"
		[ "$found" != "$hash" ] || break
		hash="$found"
		printf '%s\n' "$hash" >"$runtime.hash"
	done
	say "metadata hash: $hash"
}

# Prints the address at which a node serves RPC, once it does: the node of this process and with
# this log. The address comes from the log, because another node could answer on a port.
await_rpc() {
	local pid="$1" log="$2" address
	for _ in $(seq 240); do
		kill -0 "$pid" 2>/dev/null || die "the node ended"
		address="$(sed -n 's/.*Running JSON-RPC server: addr=\(127\.0\.0\.1:[0-9]*\).*/\1/p' "$log")"
		if [ -n "$address" ]; then
			printf '%s' "$address"
			return
		fi
		sleep 0.5
	done
	die "the node does not start"
}

# Ends these child processes: at once, or after ten seconds by force.
end_processes() {
	local pid
	for pid in "$@"; do
		kill "$pid" 2>/dev/null || true
		for _ in $(seq 100); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

# Succeeds if a program listens on this port of the loopback.
port_busy() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
