//! Passwords on the command lines of programs that are known by their names, and what is near to them.

use super::{check, stays};

#[test]
fn passwords_of_programs() {
    for line in [
        "ldapsearch -x -D cn=a,dc=b -w @ -b dc=b",
        "ldapsearch -x -D cn=a,dc=b -w@ -b dc=b",
        "/usr/bin/ldapmodify -x -w '@' -f a.ldif",
        "ldapadd -w \"@\"",
        "ldapsearch -b x (&(a=b)(c=d)) -w @",
        "ldapwhoami -H ldaps://a.example -w @",
        "redis-cli -h a -a @ ping",
        "12:00 run: /opt/redis/bin/redis-cli -a @",
        "[\"redis-cli\",\"-a\",\"@\",\"ping\"]",
        "['redis-cli', '-a', '@']",
        "{\"run\":\"redis-cli -a @\",\"x\":1}",
        "ExecStart=/usr/bin/redis-cli -a @ ping",
        "docker exec r redis-cli -a @",
        "redis-cli -n 1 -a @; echo -a b",
        "sqlplus scott/@@orcl",
        "sqlplus -s user/@@//db:1521/x @a.sql",
        "sqlplus -S -L scott/@",
        "sqlplus -M \"HTML ON\" -R 3 scott/@",
        "sqlplus \"scott/@@orcl as sysdba\"",
        "sqlplus 'sys/@@x as sysdba'",
        "C:\\oracle\\bin\\SQLPLUS.EXE scott/@@orcl",
        "sqlplus scott/\"@\"@orcl",
        "expdp userid=scott/@@orcl full=y",
        "sqlcmd -S db -U sa -P @ -Q x",
        "sqlcmd -S db -U sa -P@ -Q x",
        "\"C:\\Program Files\\x\\SQLCMD.EXE\" -U sa -P @",
        "isql -U sa -P@",
        "bcp a out b.dat -S db -U sa -P @",
        "sqlcmd -d openssl -P @",
        "vault login @",
        "vault login -no-print @",
        "htpasswd -b /etc/htpasswd me @",
        "htpasswd -cbB /etc/htpasswd me @",
        "htpasswd -nb me @",
        "htpasswd -b /etc/vault me @",
        "sudo -u vault redis-cli -a @",
        "htpasswd -bBC 12 /etc/htpasswd me @",
        "smbclient //srv/share -U me%@",
        "smbclient //srv/share -U 'DOM\\me%@' -c ls",
        "rpcclient -U DOM/me%@ srv",
        "winexe --user=me%@ //srv cmd",
        "winexe -Ume%@ //srv cmd",
        "xfreerdp /v:srv /u:me /p:@ /f",
        "xfreerdp3 /u:me /p:\"@\" /f",
        "mosquitto_pub -h a -u b -P @ -t c",
        "mosquitto_sub -P @",
        "openssl enc -aes-256-cbc -k @ -in a",
        "openssl rsa -in a.pem -passin pass:@ -out b.pem",
        "openssl pkcs12 -export -passout pass:@ -in a",
        "openssl.exe rsa -passin \"pass:@\"",
    ] {
        check(
            &line.replacen('@', "Hush7-Tail", 1),
            &line.replacen('@', "‹secret-1›", 1),
        );
    }
    check(
        "redis-cli -a Hush7-Tail x\nredis-cli -a Other8-Tail x",
        "redis-cli -a ‹secret-1› x\nredis-cli -a ‹secret-2› x",
    );
    // The name of the option tells it already, and all that follows is taken for it.
    check(
        "openssl enc -e -pass pass:Hush7-Tail -in a",
        "openssl enc -e -pass ‹secret-1› -in a",
    );
    check(
        "openssl rsa -passin pass:Hush7-Tail -passout pass:Other8-Tail",
        "openssl rsa -passin pass:‹secret-1› -passout pass:‹secret-2›",
    );
}

#[test]
fn options_of_others_stay() {
    for line in [
        "ls -a folder7 -w 80",
        "tar -a Hush7-Tail",
        "redis-cli -h host7 -n 3 ping",
        "redis-cli ping; tar -a Hush7-Tail",
        "redis-cli ping | grep -a Hush7-Tail",
        "redis-cli ping\ntar -a Hush7-Tail",
        "redis-cli.log -a Hush7-Tail",
        "my-redis-cli -a Hush7-Tail",
        "redis-cli -a $REDIS_PASSWORD -n 1",
        "redis-cli -a",
        "redis-cli",
        "ldapsearch -W -y /etc/file7 -b dc=b7",
        "sqlplus / as sysdba",
        "sqlplus /nolog @/opt/a7.sql",
        "sqlplus scott@orcl7",
        "sqlplus -s scott @dir/a7.sql",
        "ls /usr/lib/sqlplus/x a/b7c",
        "sqlcmd -E -S db7 -Q x",
        "bcp a out b7.dat -T",
        "the vault login failed 3 times",
        "vault login -method=userpass",
        "vault login",
        "vault status Hush7-Tail",
        "htpasswd -c /etc/file7 me7 x7",
        "htpasswd -D /etc/file7 me7",
        "smbclient //srv7/share -U me7",
        "smbclient -L srv7 -N",
        "xfreerdp /v:srv7 /u:me7 /port:3389",
        "cmd /p:Hush7-Tail",
        "mosquitto_sub -p 1883 -t topic7",
        "curl -k https://a.example/x7",
        "openssl x509 -in a7.pem -noout -text",
        "openssl rsa -passin env:VAR7 -in a7.pem",
        "openssl rsa -passin file:/etc/a7 -in a7.pem",
        "openssl s_client -connect a7.example:443",
    ] {
        stays(line);
    }
}
