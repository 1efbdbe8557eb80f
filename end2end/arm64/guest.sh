# Inside the arm64 Debian, without a systemd that runs: the package is installed, and the program lives from a demo cellar to its end.
cd /probe
. ./check.sh
more_scans_than() { [ "$(book 'SELECT count(*) FROM scans')" -gt "$1" ]; }
# Read, or given up in time with a word: emulated, a label takes the processor two minutes, and the server waits 45 s for its child. That the
# program reads the same as on amd64 is compared outside, where nobody waits for it.
label_is_answered() {
    local answer
    answer=$(curl -s --max-time 120 -w ' %{http_code}' http://127.0.0.1:8000/api/v1/labels:parse -F "shot=@/probe/picture.png")
    case $answer in
        *'"fields"'*' 200' | *'"detail"'*' 503') ;;
        *) echo "$answer"; return 1 ;;
    esac
}

check "this is arm64" is "$(dpkg --print-architecture) $(uname -m)" "arm64 aarch64"
check "the package installs" dpkg -i packages/winecellar_*_arm64.deb
check "what it depends on is there, with nothing missing" not grep -q 'not found' <(ldd /usr/bin/winecellar)
check "the units are enabled" systemctl is-enabled winecellar-api.service wine-inventory-stock.timer wine-inventory-backup.timer
check "the program says which it is" cellar --version
said=$(cellar doctor --no-camera 2>&1)
printf '%s\n' "$said" | sed 's/^/# | /'
check "the network answers its test input as in training" has "$said" "answers its test input as in training"
check "the models that read labels are found" has "$said" "by the models in /usr/share/winecellar/labels"
check "a demo cellar is made, and scanned" cellar demo
cellar serve >/probe/serve.log 2>&1 &
server=$!
check "the server gets ready" within 120 ready
check "the first page shows the cellar" has "$(page /)" "<html"
check "the rack is shown" has "$(page /rack)" 03_03
check "the browser half is there, compressed" has "$(page / -o /dev/null -D - -H 'accept-encoding: br')" "content-encoding: br"
check "the API tells its bins" has "$(page /api/v1/bins)" '"id":"03_03"'
check "the list to print is written" has "$(page /api/v1/export.pdf | head -c 5)" %PDF-
cellar demo photo --without 03_03=1 /var/lib/winecellar/less.jpg
check "a scan sees what was taken, and nothing else" has "$(cellar stock run --source file:/var/lib/winecellar/less.jpg 2>&1)" "1 differ from the book"
check "the API asks about it" has "$(page '/api/v1/proposals?state=open')" 03_03
scans=$(book 'SELECT count(*) FROM scans')
check "a scan by the button starts" page /api/v1/scans -X POST
check "and comes into the book, by a child of the server" within 900 more_scans_than "$scans"
check "a picture is read for its label by another child, or given up in time" label_is_answered
check "a backup is made and read back" cellar backup
# Here and not in a check, for only this shell can wait for it.
code=none
pkill -TERM -u winecellar -f 'winecellar serve' && { code=0; wait "$server" || code=$?; }
check "the server ends when it is told" is $code 0
check "the book is sound" is "$(book 'PRAGMA integrity_check')" ok
check "purge asks nothing" dpkg --purge winecellar
check "and leaves the book" is "$(book 'PRAGMA integrity_check')" ok
echo "probe: done"
