#!/bin/sh
# Installs the library into an empty folder and builds a program against it that knows only what pkg-config says.
set -eu

installed=$TMPDIR/installed
meson install -C "$LOCKSTEP_BUILD" --no-rebuild --destdir "$installed" >install.log
pc=$(find "$installed" -name liblockstep.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR="$installed"
config() {
    pkg-config "$@" liblockstep
}

# expect NAME STATUS OUTPUT COMMAND…
expect() {
    name=$1 wanted=$2 said=$3
    shift 3
    status=0
    got=$("$@" 2>&1) || status=$?
    if [ "$status" -eq "$wanted" ] && [ "$got" = "$said" ]; then
        echo "ok $name"
    else
        echo "not ok $name"
        echo "wanted $wanted: $said"
        echo "got $status: $got"
    fi
}

python3 - "$LOCKSTEP_VECTORS/lockstep/notes.json" <<'END'
import base64, json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    vectors = json.load(file)
note = base64.b64decode(next(case for case in vectors["cases"] if case["name"] == "one signature")["note"])
for name, content in (("good", note), ("changed", b"X" + note[1:]), ("malformed", note[:-1])):
    with open(name, "wb") as file:
        file.write(content)
with open("vkey", "w", encoding="utf-8") as file:
    file.write(next(case for case in vectors["cases"] if case["name"] == "one signature")["vkeys"][0])
END
vkey=$(cat vkey)

# shellcheck disable=SC2046 # pkg-config prints words
gcc -o shared "$LOCKSTEP_ROOT/tests/embed/embed.c" $(config --cflags --libs)
# shellcheck disable=SC2046
gcc -static -Wl,--no-warnings -o static "$LOCKSTEP_ROOT/tests/embed/embed.c" $(config --static --cflags --libs)
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export LD_LIBRARY_PATH
for kind in shared static; do
    expect "$kind: a note that is signed" 0 '1 verified' "./$kind" good "$vkey"
    expect "$kind: a note that was changed" 1 note-signature "./$kind" changed "$vkey"
    expect "$kind: not a note" 1 note-form "./$kind" malformed "$vkey"
done

# The shared library offers what the public headers declare and nothing else.
nm -D --defined-only "$LD_LIBRARY_PATH/liblockstep.so" | sed -n 's/.* [A-Z] \(ls_[a-z0-9_]*\)@.*/\1/p' | sort >exported
"$LOCKSTEP_ROOT/tools/export-map" "$LOCKSTEP_ROOT"/include/lockstep/*.h | sed -n 's/^    \(ls_.*\);$/\1/p' | sort >declared
expect 'exported is what is declared' 0 '' diff declared exported

for header in "$installed"/usr/local/include/lockstep/*.h; do
    # shellcheck disable=SC2046
    expect "$(basename "$header") stands alone" 0 '' \
        gcc -std=c11 -Wall -Wextra -Werror -fsyntax-only $(config --cflags) -x c "$header"
done
