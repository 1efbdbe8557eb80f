# The disk runs full: no half file, a sound book, a word; and it goes on when there is room again.
mkdir -p /mnt/small
mount -t tmpfs -o size=300M,mode=750,uid=winecellar,gid=winecellar tmpfs /mnt/small
cp -a /var/lib/winecellar/data /mnt/small/
systemctl stop winecellar-api.service
cp -a /var/lib/winecellar/cellar.db* /mnt/small/
settings "DATABASE_URL=sqlite:/mnt/small/cellar.db"
settings "WINECELLAR_DATA_DIR=/mnt/small/data"
small() { sqlite3 -readonly /mnt/small/cellar.db "$1"; }
check "a scan lays the reserve" cellar stock run
check "which is there" test -s /mnt/small/data/reserve
before=$(small 'SELECT count(*) FROM scans')
dd if=/dev/zero of=/mnt/small/filler bs=1M status=none 2>/dev/null
said=$(cellar stock run 2>&1)
check "with a full disk a scan has no opinion" is $? 3
check "and says why" has "$said" "the disk is full"
check "which the book has" has "$(small 'SELECT message FROM scans ORDER BY started_at DESC LIMIT 1')" "the disk is full"
check "the book is sound" is "$(small 'PRAGMA integrity_check')" ok
check "no half picture is left" is "$(find /mnt/small/data/snapshots -name '.*')" ""
cellar stock tidy >/dev/null 2>&1
check "the clearing tells that there is too little room" is $? 1
rm /mnt/small/filler
check "with room again a scan works" cellar stock run
check "and the reserve is back" test -s /mnt/small/data/reserve
settings "DATABASE_URL=sqlite:/var/lib/winecellar/cellar.db"
settings "WINECELLAR_DATA_DIR=/var/lib/winecellar/data"
umount /mnt/small
systemctl start winecellar-api.service
check "the server is back at its own place" within 60 ready
