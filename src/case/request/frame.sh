#!/bin/sh
# What Waypost asks for on this machine: @TITLE@
#
# Reads only. Every command that is run stands at the end of this file, in full. What they print goes into one file in this
# folder, with what looks like a password or another secret masked before it is written. Read that file before you send it.
@TOLD@#
#   sh FILE                          run it
@EXAMPLE@#
# Run it as the user whom the program in question runs as, or as root: what may not be read stays unknown.

LC_ALL=C
export LC_ALL
umask 077

stop() {
    printf '%s\n' "waypost: $1" >&2
    exit "${2:-5}"
}

# A value stands in quotes within commands: what would end the quotes is refused.
plain() {
    case $2 in
        *[\'\"\`\$\\]* | *'
'*) stop "$1: quotes, dollars, backticks, backslashes and line breaks cannot be taken" 2 ;;
        /*) ;;
        *) stop "$1: a whole path is needed, such as /opt/x" 2 ;;
    esac
}

@VARIABLES@
for argument in "$@"; do
    case $argument in
@ARGUMENTS@
        *) stop "$argument is none of: @NAMES@" 2 ;;
    esac
done

work=$(mktemp -d "${TMPDIR:-/tmp}/waypost.XXXXXX") || stop 'no folder for what is under way can be made in /tmp'
stem=waypost-answer-$(date +%Y%m%d-%H%M%S)
answer=$stem.txt
finished=no
tidy() {
    rm -rf "$work"
    [ "$finished" = yes ] || [ -z "$begun" ] || rm -f "$answer"
}
begun=
trap tidy EXIT
trap 'exit 130' INT TERM HUP

# A command that does not end is ended, where this system can.
limit=
if timeout 5 true 2>/dev/null; then limit='timeout 60'; fi

cat >"$work/mask.awk" <<'WAYPOST_END'
@AWK@
WAYPOST_END

# The first folder that is there. Two that do not lie within each other: nobody knows which one is meant.
seek() {
    name=$1
    shift
    found=
    for path in "$@"; do
        [ "$path_kind" = folder ] && [ ! -d "$path" ] && continue
        [ "$path_kind" = file ] && [ ! -f "$path" ] && continue
        [ -z "$found" ] && found=$path && continue
        case $path/ in "$found"/* | "$found") continue ;; esac
        case $found/ in "$path"/*) continue ;; esac
        printf '%s\n' "waypost: $name: there are several: $found, $path" >&2
        found=
        break
    done
    if [ -z "$found" ]; then
        printf '%s\n' "waypost: $name was not found; what needs it is left out. Run this again with $name=PATH behind it." >&2
    else
        plain "$name" "$found"
    fi
}

number=0
look() {
    number=$((number + 1))
    printf '%s\n' "look $*"
    printf '\r%s' "look $number of @COUNT@ " >&2
}

# The command comes in on standard input.
run() {
    cat >"$work/run"
    printf '%s\n' "command $1"
    { $limit sh "$work/run" </dev/null 2>&1; echo $? >"$work/status"; } | tr -d '\000' | awk '{ print "| " $0 }'
    printf '%s\n' "status $(cat "$work/status")"
}

gather() {
    printf '%s\n' 'waypost answer @FORM@' 'program @PROGRAM@' 'tree @TREE@ @HASH@' 'os @OS@' "time $(date -u +%Y-%m-%dT%H:%M:%SZ)" "zone $(date +%z)" "machine $(uname -n)"
@KNOWN@
@LOOKS@
    printf '%s\n' "end $number"
}

@SEEK@
# Another one of this second keeps its name.
of_second=1
until ( set -C; : >"$answer" ) 2>/dev/null; do
    { [ -e "$answer" ] || [ -h "$answer" ]; } && [ "$of_second" -lt 99 ] || stop "$answer cannot be written in this folder"
    of_second=$((of_second + 1))
    answer=$stem-$of_second.txt
done
begun=yes
gather | awk -f "$work/mask.awk" >"$answer"
if [ "$(tail -n 1 "$answer" | cut -c 1-4)" != 'end ' ]; then
    stop "$answer could not be written whole: is the disk full?"
fi
finished=yes
printf '\n%s\n' "Send this file, when you have read it: $answer" >&2
