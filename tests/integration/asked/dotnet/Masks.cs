// Masks the lines of standard input with the table of a script for PowerShell, in the steps of its `Push-Held`, `Add-Rest` and
// `Hide-Secrets`: so .NET's own regular expressions read the table.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

static class Masks
{
    const string Quoted = "'((?:[^']|'')*)'";

    static Regex Named(string script, string name)
    {
        Match found = Regex.Match(script, @"^\$" + name + " = New-Rule " + Quoted + "\r?$", RegexOptions.Multiline);
        if (!found.Success) throw new Exception("the script has no $" + name);
        return Rule(found.Groups[1].Value);
    }

    static Regex Rule(string quoted)
    {
        return new Regex(quoted.Replace("''", "'"), RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    // What makes XML unreadable stays there.
    static string Token(string value)
    {
        string token = "\u2039secret\u203a";
        bool unsound = Regex.IsMatch(Regex.Replace(value, "&#?[A-Za-z0-9]+;", ""), "[<&]");
        return unsound ? token + " & " + token : token;
    }

    static int Main(string[] arguments)
    {
        string script = File.ReadAllText(arguments[0], Encoding.UTF8);
        Regex stays = Named(script, "stays"), kept = Named(script, "kept"), about = Named(script, "about");
        Regex goesOn = Named(script, "goesOn"), folder = Named(script, "endsFolder"), noRest = Named(script, "noRest");
        bool inValue = false;
        string row = "@{ Rule = New-Rule " + Quoted + "; After = New-Rule " + Quoted + "; Tail = ([0-9]+) }";
        var masks = new List<Tuple<Regex, Regex, int>>();
        foreach (Match mask in Regex.Matches(script, row))
            masks.Add(Tuple.Create(Rule(mask.Groups[1].Value), Rule(mask.Groups[2].Value), int.Parse(mask.Groups[3].Value)));
        if (masks.Count == 0) throw new Exception("the script has no table");
        var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        string line;
        while ((line = input.ReadLine()) != null)
        {
            string whole = line.ToLowerInvariant(), rest = line.TrimStart(' ', '\t');
            if (inValue && rest != "" && !noRest.IsMatch(whole))
            {
                inValue = goesOn.IsMatch(whole);
                output.WriteLine(line.Substring(0, line.Length - rest.Length) + Token(rest) + (inValue ? "\\" : ""));
                continue;
            }
            inValue = false;
            foreach (var mask in masks)
            {
                int from = 0;
                while (from < line.Length)
                {
                    string low = line.ToLowerInvariant();
                    Match found = mask.Item1.Match(low.Substring(from));
                    if (!found.Success) break;
                    Group group = found.Groups["value"];
                    int at = from + found.Index, start = from + group.Index;
                    int end = start + group.Length - mask.Item3;
                    start += kept.Match(low.Substring(start, end - start)).Length;
                    string text = low.Substring(start, end - start);
                    if (text == "" || stays.IsMatch(text) || about.IsMatch(low.Substring(at, start - at))
                        || !mask.Item2.IsMatch(low.Substring(end)))
                    {
                        from = Math.Max(end, from + 1);
                        continue;
                    }
                    string token = Token(line.Substring(start, end - start));
                    line = line.Substring(0, start) + token + line.Substring(end);
                    from = start + token.Length;
                }
            }
            if (goesOn.IsMatch(whole) && !folder.IsMatch(whole) && !line.EndsWith("\\"))
            {
                line += "\\";
                inValue = true;
            }
            output.WriteLine(line);
        }
        output.Flush();
        return 0;
    }
}
