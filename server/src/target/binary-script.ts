/**
 * Prints what is needed to know the functions and markers of the binaries that `$3` names: for each a line with its stamp
 * (device, inode, size and time) and path, then its header, its section headers, and the contents of its symbol tables, their
 * names and its notes, as base64 of gzip. So nothing is needed there but od, tail, head and gzip, and one round trip.
 *
 * `$1`: bytes that contents may have in all. `$2`: stamps, each with a semicolon, of what is known and may stay as it is.
 * `$4` is `glob` when the path holds `*`. A name without a slash is looked for on the PATH, as bpftrace does.
 *
 * Section headers are words of 4 bytes: 16 in files of 64 bits, where numbers of 8 bytes take two, 10 in those of 32.
 */
export const BINARY_SCRIPT = `
LC_ALL=C; export LC_ALL
left=$1 known=$2
part() { echo "=$1"; gzip -1 | base64; }
number() { echo $(od -An -v -t"$2" -j"$1" -N"\${2#u}" "$f"); }
cut_out() { tail -c +$(($1 + 1)) "$f" | head -c "$2"; }
stamp() { stat -L -c '%d.%i.%s.%Y' "$f" 2>/dev/null || ls -lLi "$f" | cksum | tr ' ' .; }
headers() {
want=' '; i=0
set -- $(od -An -v -tu4 -j"$at" -N$((n * each)) "$f")
while [ $# -ge $((each / 4)) ]; do
if [ $each = 40 ]; then o=$5 z=$6 l=$7
elif [ $big = 0 ]; then o=$(($7 + $8 * 4294967296)) z=$(($9 + \${10} * 4294967296)) l=\${11}
else o=$(($8 + $7 * 4294967296)) z=$((\${10} + $9 * 4294967296)) l=\${11}; fi
case $2 in 2|11) want="$want$i $l ";; 7) want="$want$i ";; esac
eval "o$i=$o z$i=$z"
shift $((each / 4)); i=$((i + 1))
done
}
contents() {
done=' '
for i in $want; do
case $done in *" $i "*) continue;; esac
done="$done$i "
eval "o=\\$o$i z=\\$z$i"
[ -n "$z" ] && [ "$z" -gt 0 ] || continue
[ "$z" -le "$left" ] || { echo '!too large'; continue; }
left=$((left - z)); cut_out "$o" "$z" | part "$i"
done
}
read_binary() {
s=$(stamp); echo "@$s $f"
case $known in *"$s;"*) return;; esac
[ -r "$f" ] || { echo '!may not be read'; return; }
case $(number 0 u1) in 127) ;; *) echo '!is no ELF file'; return;; esac
head -c 64 "$f" | part header
big=$(($(number 5 u1) - 1))
if [ "$(number 4 u1)" = 2 ]; then at=$(number 40 u8) n=$(number 60 u2) each=64; else at=$(number 32 u4) n=$(number 48 u2) each=40; fi
cut_out "$at" $((n * each)) | part sections
headers
contents
}
if [ "$4" = glob ]; then IFS='
'; set -- $3; else case $3 in */*) set -- "$3";; *) set -- "$(command -v "$3" 2>/dev/null)";; esac; fi
IFS=' 	
'
for f; do [ -f "$f" ] && read_binary; done
true
`;
