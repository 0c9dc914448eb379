#!/bin/sh
# Builds the traced programs: asm/src to asm/bin.
#
#   build.sh           rebuild every program, and write asm/bin/VERSIONS
#   build.sh --check   rebuild into a temporary directory and compare
#
# The check compares bytes. Where other tool versions are installed than those in
# asm/bin/VERSIONS it says so and compares the disassembly instead.
#
# Exit status: 0 built, or the same; 1 a difference, or a missing tool; 2 a wrong
# command line; 3 other tool versions, and the disassembly differs.
set -eu
export LC_ALL=C
unset GCC_EXEC_PREFIX COMPILER_PATH LIBRARY_PATH CPATH C_INCLUDE_PATH

here=$(cd "$(dirname "$0")" && pwd -P)
src=$here/src
bin=$here/bin

# built KIND: the programs whose sources say "build: KIND" in their head.
built() {
	grep -lE "^(;| \*) build: $1\$" "$src"/* | sed 's|.*/||; s|\.[a-z]*$||'
}
asm32=$(built asm32)                # nasm for i386
asm64=$(built asm64)                # nasm for x86-64
freestanding=$(built freestanding)  # gcc, without a C library
pie=$(built pie)                    # the same, position-independent
musl=$(built musl)                  # musl-gcc
lines=$(built musl-lines)           # musl-gcc -O0, with DWARF

# Fixed addresses, no build id, no executable stack, code in pages of its own.
ld_flags='-static --build-id=none -z noexecstack -z separate-code'
link_common='-Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,--gc-sections'
link="-static -no-pie $link_common"
# No endbr64, no stack guard, no unwind tables, no compiler name: the code alone.
plain='-std=gnu11 -Wall -Wextra -fno-pie -fcf-protection=none -fno-stack-protector
       -fno-asynchronous-unwind-tables -fno-ident'

musl_lib=/usr/lib/x86_64-linux-musl
musl_include=/usr/include/x86_64-linux-musl

# need TOOL PACKAGE: fails with the Debian package that has the tool.
need() {
	command -v "$1" >/dev/null 2>&1 && return
	echo "build.sh: $1 is missing; on Debian: apt-get install $2" >&2
	exit 1
}

versions() {
	nasm -v | sed 's/ compiled on.*//'
	gcc --version | head -n 1
	ld --version | head -n 1
	# The dynamic linker of musl names its version on standard error and fails.
	/lib/ld-musl-x86_64.so.1 2>&1 | sed -n 's/^Version /musl /p'
}

# build OUT: every program into the directory OUT. Sources are named without a
# directory, so that no path of this machine gets into a file.
build() {
	out=$1
	obj=$(mktemp -d)
	trap 'rm -rf "$obj" ${tmp:+"$tmp"}' EXIT
	cd "$src"
	# Debian's start files carry line tables of the machine that built them.
	for f in crt1.o crti.o crtn.o; do
		objcopy --strip-debug "$musl_lib/$f" "$obj/$f"
	done
	for t in $asm32; do
		nasm -f elf32 -o "$obj/$t.o" "$t.asm"
		ld -m elf_i386 $ld_flags -o "$out/$t" "$obj/$t.o"
	done
	for t in $asm64; do
		nasm -f elf64 -o "$obj/$t.o" "$t.asm"
		ld -m elf_x86_64 $ld_flags -o "$out/$t" "$obj/$t.o"
	done
	for t in $freestanding; do
		gcc $plain -Os -ffreestanding -c -o "$obj/$t.o" "$t.c"
		gcc $link -nostdlib -o "$out/$t" "$obj/$t.o"
	done
	for t in $pie; do
		gcc $plain -fPIE -Os -ffreestanding -c -o "$obj/$t.o" "$t.c"
		gcc -static-pie $link_common -nostdlib -o "$out/$t" "$obj/$t.o"
	done
	for t in $musl; do
		musl-gcc $plain -Os -c -o "$obj/$t.o" "$t.c"
		link_musl
	done
	for t in $lines; do
		musl-gcc $plain -O0 -gdwarf-5 -gno-record-gcc-switches \
			-ffile-prefix-map="$src=asm/src" -ffile-prefix-map="$musl_include=musl" \
			-c -o "$obj/$t.o" "$t.c"
		link_musl
	done
	for t in $asm32 $asm64 $freestanding $pie $musl $lines; do
		objcopy -R .comment -R .note.gnu.property "$out/$t"
		chmod 755 "$out/$t"
	done
}

# link_musl links program $t: musl's start files, the program, musl.
link_musl() {
	musl-gcc $link -nostartfiles -o "$out/$t" \
		"$obj/crt1.o" "$obj/crti.o" "$obj/$t.o" "$obj/crtn.o"
}

# same_bytes NAME and same_code NAME compare the built program with the committed one.
same_bytes() { cmp -s "$bin/$1" "$tmp/$1"; }
same_code() { [ "$(code "$bin/$1")" = "$(code "$tmp/$1")" ]; }
# The first lines of objdump name the file.
code() { objdump -d --no-show-raw-insn "$1" | sed 1,3d; }

check() {
	tmp=$(mktemp -d)
	build "$tmp"
	how=bytes status=1
	if [ "$(versions)" != "$(cat "$bin/VERSIONS")" ]; then
		echo "other tool versions than in asm/bin/VERSIONS: comparing the disassembly"
		versions | diff "$bin/VERSIONS" - || :
		how=code status=3
	fi
	different=
	for t in $asm32 $asm64 $freestanding $pie $musl $lines; do
		"same_$how" "$t" || different="$different $t"
	done
	if [ -n "$different" ]; then
		echo "build.sh: asm/bin differs from what asm/src builds ($how):$different" >&2
		exit "$status"
	fi
	echo "asm/bin is what asm/src builds ($how)"
}

case "$#:${1-}" in
0:) action=build ;;
1:--check) action=check ;;
*)
	echo "usage: build.sh [--check]" >&2
	exit 2
	;;
esac

need nasm nasm
need gcc gcc
need ld binutils
need objcopy binutils
need objdump binutils
need musl-gcc musl-tools

if [ "$action" = check ]; then
	check
else
	mkdir -p "$bin"
	build "$bin"
	versions >"$bin/VERSIONS"
fi
