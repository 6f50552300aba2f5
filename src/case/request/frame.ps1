# What Waypost asks for on this machine: @TITLE@
#
# Reads only. Every command that is run stands at the end of this file, in full. What they print goes into one file in this
# folder, with what looks like a password or another secret masked before it is written. Read that file before you send it.
@TOLD@#
#   powershell -ExecutionPolicy Bypass -File FILE                          run it
@EXAMPLE@#
# Run it as an administrator, or as the user whom the program in question runs as: what may not be read stays unknown.
param(
@PARAMETERS@
)

function Stop-Asking([string]$why, [int]$status = 5) {
    [Console]::Error.WriteLine("waypost: $why")
    exit $status
}

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Stop-Asking 'this PowerShell is restricted by a policy and cannot mask what it reads; run the commands by hand instead'
}

$invariant = [Globalization.CultureInfo]::InvariantCulture
$stem = Join-Path (Get-Location).ProviderPath ('waypost-answer-' + (Get-Date).ToString('yyyyMMdd-HHmmss', $invariant))
$answer = "$stem.txt"
# Another one of this second keeps its name.
for ($ofSecond = 2; (Test-Path -LiteralPath $answer) -and $ofSecond -lt 100; $ofSecond++) { $answer = "$stem-$ofSecond.txt" }
if (Test-Path -LiteralPath $answer) { Stop-Asking "$answer is there already" }
$lines = New-Object 'System.Collections.Generic.List[string]'

# A value stands in quotes within commands: what would end the quotes is refused.
function Test-Plain([string]$name, [string]$value) {
    if ($value -match '[''"`$\u2018-\u201e]' -or $value -match '[\x00-\x1f]') {
        Stop-Asking "${name}: quotes, dollars, backticks and line breaks cannot be taken" 2
    }
    if ($value -notmatch '^([A-Za-z]:\\|\\\\)') {
        Stop-Asking "${name}: a whole path is needed, such as C:\x" 2
    }
}

# The first folder that is there. Two that do not lie within each other: nobody knows which one is meant.
function Find-Path([string]$name, [bool]$folder, [string[]]$globs) {
    $found = ''
    foreach ($item in @(Get-Item -Path $globs -ErrorAction SilentlyContinue)) {
        if ($item.PSIsContainer -ne $folder) { continue }
        $path = $item.FullName.TrimEnd('\')
        if ($found -eq '') { $found = $path; continue }
        if (($path + '\').StartsWith($found + '\', 'OrdinalIgnoreCase')) { continue }
        if (($found + '\').StartsWith($path + '\', 'OrdinalIgnoreCase')) { continue }
        [Console]::Error.WriteLine("waypost: ${name}: there are several: $found, $path")
        $found = ''
        break
    }
    if ($found -eq '') {
        [Console]::Error.WriteLine("waypost: $name was not found; what needs it is left out. Run this again with -$name PATH behind it.")
    } else {
        Test-Plain $name $found
    }
    return $found
}

# --- What masks: the same secret gets the same token.

$open = [string][char]0x2039
$close = [string][char]0x203a
$tokens = New-Object 'System.Collections.Generic.Dictionary[string,string]' ([StringComparer]::Ordinal)
$patience = [TimeSpan]::FromSeconds(5)
function New-Rule([string]$text) {
    return New-Object Text.RegularExpressions.Regex ($text, [Text.RegularExpressions.RegexOptions]::None, $patience)
}
$stays = New-Rule @STAYS@
$kept = New-Rule @KEPT@
$about = New-Rule @ABOUT@
$goesOn = New-Rule @GOES_ON@
$endsFolder = New-Rule @FOLDER@
$noRest = New-Rule @NO_REST@
$masks = @(
@MASKS@
)

function Test-Base64([string]$text) {
    if ($text.Length % 4 -ne 0) { return $false }
    $body = $text -replace '==?$', ''
    if ($body -eq $text -and $text.Length -lt 32) { return $false }
    return $body -match '^[A-Za-z0-9+/]+$'
}

function Get-Token([string]$text) {
    if (-not $tokens.ContainsKey($text)) {
        $token = $open + 'secret-' + ($tokens.Count + 1)
        if (Test-Base64 $text) { $token += ' base64' }
        $token += $close
        # What makes XML unreadable has to stay there, or a broken file would be read as a sound one.
        if (($text -replace '&#?[A-Za-z0-9]+;', '') -match '[<&]') { $token = $token + ' & ' + $token }
        $tokens[$text] = $token
    }
    return $tokens[$text]
}

function Hide-Secrets([string]$line) {
    try {
        foreach ($mask in $masks) {
            $from = 0
            while ($from -lt $line.Length) {
                $low = $line.ToLowerInvariant()
                $found = $mask.Rule.Match($low.Substring($from))
                if (-not $found.Success) { break }
                $value = $found.Groups['value']
                $at = $from + $found.Index
                $start = $from + $value.Index
                $end = $start + $value.Length - $mask.Tail
                $start += $kept.Match($low.Substring($start, $end - $start)).Length
                $text = $low.Substring($start, $end - $start)
                if ($text -eq '' -or $stays.IsMatch($text) -or $about.IsMatch($low.Substring($at, $start - $at)) -or
                    -not $mask.After.IsMatch($low.Substring($end))) {
                    $from = [Math]::Max($end, $from + 1)
                    continue
                }
                $token = Get-Token ($line.Substring($start, $end - $start))
                $line = $line.Substring(0, $start) + $token + $line.Substring($end)
                $from = $start + $token.Length
            }
        }
        foreach ($secret in $tokens.Keys) {
            if ($secret.Length -ge 8) { $line = $line.Replace($secret, $tokens[$secret]) }
        }
        return $line
    } catch {
        return $open + 'secret' + $close
    }
}

# --- What is run.

$script:held = New-Object 'System.Collections.Generic.List[string]'
$script:inKey = $false
$script:inValue = $false
$script:written = 0
$script:isCut = $false
$most = 4194304
$longest = 65536
$between = ' ' + [char]1 + ' '

function Add-Cut {
    if (-not $script:isCut) { $lines.Add("cut $most") }
    $script:isCut = $true
}

function Add-Masked([string]$line) {
    $script:written += $line.Length + 3
    if ($script:written -gt $most) { Add-Cut } else { $lines.Add("| $line") }
}

# What takes too long to tell may go on.
function Test-GoesOn([string]$line) {
    $low = $line.ToLowerInvariant()
    try { return $goesOn.IsMatch($low) -and -not $endsFolder.IsMatch($low) } catch { return $true }
}

# Tags that go on in the next line are masked as one. A value that goes on behind a backslash keeps it, and the next line is
# more of it.
function Push-Held {
    if ($script:held.Count -eq 0) { return }
    $whole = [string]::Join($between, $script:held.ToArray())
    $text = Hide-Secrets $whole
    $script:held.Clear()
    if (-not $text.EndsWith('\', [StringComparison]::Ordinal) -and (Test-GoesOn $whole)) {
        $text += '\'
        $script:inValue = $true
    }
    foreach ($line in $text.Split([string[]]@($between), [StringSplitOptions]::None)) { Add-Masked $line }
}

# The rest of a value that began in the line before, whole; whether it is one.
function Add-Rest([string]$line) {
    $script:inValue = $false
    $low = $line.ToLowerInvariant()
    $rest = $line.TrimStart([char[]]@(' ', "`t"))
    if ($rest -eq '' -or $noRest.IsMatch($low)) { return $false }
    $script:inValue = $goesOn.IsMatch($low)
    $indent = $line.Substring(0, $line.Length - $rest.Length)
    Add-Masked ($indent + (Get-Token $rest) + $(if ($script:inValue) { '\' } else { '' }))
    return $true
}

function Add-Printed([string]$line) {
    $line = $line.TrimEnd().Replace([string][char]0, '').Replace([string][char]1, '?')
    if ($line.Length -gt $longest) {
        $line = $line.Substring(0, $longest)
        Add-Cut
    }
    if ($script:inValue -and (Add-Rest $line)) { return }
    # What cannot be a line of a key ends it: its foot may have been left out.
    if ($line -notmatch '^[ \t]*[A-Za-z0-9+/=]*[ \t]*$' -and $line -notmatch '-----END|^(Proc-Type|DEK-Info|Comment)') {
        $script:inKey = $false
    }
    if ($script:inKey) {
        $end = [regex]::Match($line, '-----END [A-Z ]*PRIVATE KEY-----')
        $script:inKey = -not $end.Success
        $line = $open + 'secret' + $close + $(if ($end.Success) { $line.Substring($end.Index) } else { '' })
    } else {
        $begin = [regex]::Match($line, '-----BEGIN [A-Z ]*PRIVATE KEY-----')
        if ($begin.Success) {
            $from = $begin.Index + $begin.Length
            $end = [regex]::Match($line.Substring($from), '-----END [A-Z ]*PRIVATE KEY-----')
            $script:inKey = -not $end.Success
            $rest = $(if ($end.Success) { $open + 'secret' + $close + $line.Substring($from + $end.Index) } else { '' })
            $line = $line.Substring(0, $from) + $rest
        }
    }
    $script:held.Add($line)
    $tail = [string]::Join($between, $script:held.ToArray())
    $tail = $tail.Substring($tail.LastIndexOf('>') + 1)
    if ($tail -match '<[A-Za-z][^>]*$' -and $script:held.Count -lt 20) { return }
    Push-Held
}

$script:number = 0
function Start-Look([string]$text) {
    $script:number++
    $lines.Add("look $text")
    Write-Progress -Activity 'Waypost' -Status "look $script:number of @COUNT@"
}

function Invoke-Command-Text([int]$number, [string]$command) {
    $lines.Add("command $number")
    $script:written = 0
    $script:isCut = $false
    $script:inKey = $false
    $script:inValue = $false
    $space = [runspacefactory]::CreateRunspace()
    $space.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $space
    $status = 0
    try {
        foreach ($input_name in $inputs.Keys) {
            $space.SessionStateProxy.SetVariable("input_$input_name", $inputs[$input_name])
        }
        # Programs that know several languages are asked for English.
        $english = "[Threading.Thread]::CurrentThread.CurrentUICulture = 'en-US'"
        [void]$shell.AddScript("$english`n& {`n$command`n} 2>&1 | Out-String -Stream -Width 4096")
        $run = $shell.BeginInvoke()
        if ($run.AsyncWaitHandle.WaitOne(60000)) {
            foreach ($line in $shell.EndInvoke($run)) { Add-Printed ([string]$line) }
            if ($shell.HadErrors) { $status = 1 }
        } else {
            [void]$shell.BeginStop($null, $null)
            $status = 124
        }
    } catch {
        $why = $_.Exception
        while ($why.InnerException) { $why = $why.InnerException }
        foreach ($line in $why.Message.Split("`n")) { Add-Printed $line }
        $status = 1
    }
    Push-Held
    $lines.Add("status $status")
}

$inputs = @{}
@SEEK@

$now = Get-Date
$lines.Add('waypost answer @FORM@')
$lines.Add('program @PROGRAM@')
$lines.Add('tree @TREE@ @HASH@')
$lines.Add('os @OS@')
$lines.Add('time ' + $now.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss', $invariant) + 'Z')
$lines.Add('zone ' + $now.ToString('zzz', $invariant))
$lines.Add('machine ' + [Environment]::MachineName)
@KNOWN@

@LOOKS@

$lines.Add("end $script:number")
Write-Progress -Activity 'Waypost' -Completed
try {
    [IO.File]::WriteAllLines($answer, $lines, (New-Object Text.UTF8Encoding $false))
} catch {
    Remove-Item -LiteralPath $answer -ErrorAction SilentlyContinue
    Stop-Asking "$answer could not be written: $($_.Exception.Message)"
}
[Console]::Error.WriteLine("Send this file, when you have read it: $answer")
exit 0
