# Masks what looks secret in the lines of an answer that begin with a bar. The same secret gets the same token.

function secret(text, token) {
    if (!(text in tokens)) {
        token = "‹secret-" (++count)
        if (base64(text)) token = token " base64"
        token = token "›"
        tokens[text] = unsound(text) ? token " & " token : token
        if (length(text) >= 8) known[++knowns] = text
    }
    return tokens[text]
}

# What makes XML unreadable has to stay there, or a broken file would be read as a sound one.
function unsound(text) {
    gsub(/&#?[A-Za-z0-9]+;/, "", text)
    return text ~ /[<&]/
}

function base64(text, body) {
    if (length(text) % 4 != 0) return 0
    body = text
    sub(/==?$/, "", body)
    if (body == text && length(text) < 32) return 0
    return body ~ /^[A-Za-z0-9+\/]+$/
}

function masked(line, i, from, low, at, rest, start, size, text, token) {
    for (i = 1; i <= rules; i++) {
        from = 1
        low = tolower(line)
        while (from <= length(line)) {
            if (!match(substr(low, from), "(" before[i] ")(" value[i] ")")) break
            at = from + RSTART - 1
            rest = substr(low, at)
            match(rest, "^(" before[i] ")")
            start = at + RLENGTH
            if (!match(substr(low, start), "^(" value[i] ")")) {
                from = at + 1
                continue
            }
            size = RLENGTH - tail[i]
            if (match(substr(low, start, size), kept)) {
                start += RLENGTH
                size -= RLENGTH
            }
            if (size < 1 || substr(low, start, size) ~ stays || substr(low, at, start - at) ~ about ||
                (after[i] != "" && substr(low, start + size) !~ ("^" after[i]))) {
                from = start + size > from ? start + size : from + 1
                continue
            }
            token = secret(substr(line, start, size))
            line = substr(line, 1, start - 1) token substr(line, start + size)
            low = tolower(line)
            from = start + length(token)
        }
    }
    for (i = 1; i <= knowns; i++) {
        text = line
        line = ""
        while ((at = index(text, known[i])) > 0) {
            line = line substr(text, 1, at - 1) tokens[known[i]]
            text = substr(text, at + length(known[i]))
        }
        line = line text
    }
    return line
}

# A private key: its head and its foot stay. What cannot be a line of one ends it: its foot may have been left out.
function without_key(line, at) {
    if (in_key && line !~ /^[ \t]*[A-Za-z0-9+\/=]*[ \t]*$/ && line !~ /-----END/ && line !~ /^(Proc-Type|DEK-Info|Comment)/)
        in_key = 0
    if (in_key) {
        if (at = match(line, /-----END [A-Z ]*PRIVATE KEY-----/)) {
            in_key = 0
            return "‹secret›" substr(line, at)
        }
        return "‹secret›"
    }
    if (match(line, /-----BEGIN [A-Z ]*PRIVATE KEY-----/)) {
        at = RSTART + RLENGTH
        if (match(substr(line, at), /-----END [A-Z ]*PRIVATE KEY-----/))
            return substr(line, 1, at - 1) "‹secret›" substr(line, at + RSTART - 1)
        in_key = 1
        return substr(line, 1, at - 1)
    }
    return line
}

function put(line) {
    written += length(line) + 3
    if (written > most) {
        if (!is_cut) print "cut " most
        is_cut = 1
    } else print "| " line
}

# Tags that go on in the next line are masked as one. A value that goes on behind a backslash keeps it, and the next line is
# more of it.
function flush(text, lines, i, parts) {
    if (held == "") return
    text = tolower(substr(held, 4))
    sub(/\r$/, "", text)
    lines = split(masked(substr(held, 4)), parts, " \001 ")
    held = ""
    holds = 0
    if (lines > 0 && text ~ goes_on && text !~ folder && parts[lines] !~ /\\\r?$/) {
        parts[lines] = parts[lines] "\\"
        in_value = 1
    }
    for (i = 1; i <= lines; i++) put(parts[i])
    if (lines == 0) put("")
}

# The rest of a value that began in the line before, whole; whether it is one.
function put_rest(line, low) {
    in_value = 0
    sub(/\r$/, "", line)
    low = tolower(line)
    if (line !~ /[^ \t]/ || low ~ no_rest) return 0
    in_value = low ~ goes_on
    match(line, /^[ \t]*/)
    put(substr(line, 1, RLENGTH) secret(substr(line, RLENGTH + 1)) (in_value ? "\\" : ""))
    return 1
}

BEGIN {
    most = 4194304
    longest = 65536
@RULES@
}

/^\| ?/ {
    line = substr($0, 3)
    if (length(line) > longest) {
        line = substr(line, 1, longest)
        flush()
        if (!is_cut) print "cut " most
        is_cut = 1
    }
    if (in_value && put_rest(line)) next
    line = without_key(line)
    gsub(/\001/, "?", line)
    held = held " \001 " line
    holds++
    open = held
    sub(/^.*>/, "", open)
    if (open ~ /<[A-Za-z][^>]*$/ && holds < 20) next
    flush()
    next
}

{
    flush()
    in_key = 0
    in_value = 0
    if ($1 == "command") {
        written = 0
        is_cut = 0
    }
    print
}

END { flush() }
