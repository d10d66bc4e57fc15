# What the demonstrations share; to be sourced, with $here set.

project=$(cd "$here/../.." && pwd)
lockstep=${LOCKSTEP:-$project/build/lockstep}
verify=${LOCKSTEP_VERIFY:-$(dirname "$lockstep")/lockstep-verify}

# begin FOLDER: makes it anew, with both programs in the PATH, and goes there.
begin() {
    folder=$1
    [ -x "$lockstep" ] || { echo "demo: error: $lockstep is not there; run: make build" >&2; exit 3; }
    if [ -e "$folder" ] && [ ! -e "$folder/.lockstep-demo" ]; then
        echo "demo: error: $folder exists and is not a demo's folder; name another" >&2
        exit 2
    fi
    rm -rf "$folder"
    mkdir -p "$folder/bin"
    : >"$folder/.lockstep-demo"
    ln -s "$lockstep" "$folder/bin/lockstep"
    ln -s "$verify" "$folder/bin/lockstep-verify"
    PATH=$folder/bin:$PATH
    export PATH
    unset LOCKSTEP_WORKSPACE LOCKSTEP_PASSPHRASE || true
    cd "$folder"
}

say() {
    printf '\n# %s\n' "$*"
}

# Shows a command as one would type it, then runs it. What it prints twice in every exercise is left out.
run() {
    printf '\n$ %s\n' "$*"
    eval "$*" 2>&1 | sed '/^EXERCISE\. /{N;/\n$/d;s/^[^\n]*\n//;}'
}
