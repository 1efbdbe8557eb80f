# A NAS (bindfs) that is there, hangs, vanishes in mid-scan, and comes back: no scan is lost, and all is copied exactly.
nas=/mnt/nas
mkdir -p $nas /srv/nas-disk
chown winecellar: /srv/nas-disk
mounted() { mountpoint -q $nas; }
mount_nas() { bindfs -o allow_other /srv/nas-disk $nas; }
settings "WINECELLAR_NAS_DIR=$nas"
# The scan before has started a copy, which sees the NAS that is named by now and holds the lock for a moment.
no_copy() { case $(prop wine-inventory-nas.service ActiveState) in activating | active) return 1 ;; esac; }
check "no copy is under way" within 60 no_copy
said=$(cellar nas sync 2>&1)
check "a folder without its mark is not written to" is $? 1
check "and the cure is said" has "$said" "cellar nas init"
mount_nas
check "the NAS is mounted" within 60 mounted
check "the NAS is marked" cellar nas init
check "the first copy" systemctl start wine-inventory-nas.service
same() { # all scans and results here are there, byte by byte
    local folder
    for folder in snapshots cells_runtime cells_runtime_res; do
        diff -r "/var/lib/winecellar/data/$folder" "/srv/nas-disk/$folder" || return 1
    done
}
check "the NAS has everything, byte by byte" same

# It hangs: a scan does not notice, the copy gives up in time, the server answers.
kill -STOP "$(pgrep -x bindfs)"
before=$(book 'SELECT count(*) FROM scans')
check "a scan works while the NAS hangs" systemctl start wine-inventory-stock.service
check "and is in the book" is "$(book 'SELECT count(*) FROM scans')" $((before + 1))
# The scan has started a copy too, which holds the lock until it gives up itself.
code=75
for _ in $(seq 30); do
    said=$(timeout 60 cellar nas sync --deadline 2 2>&1)
    code=$?
    [ $code = 75 ] || break
    sleep 2
done
check "the copy gives up in time" is $code 1
check "and says that the NAS hangs" has "$said" "does not answer"
check "the server answers meanwhile" page /scans
kill -CONT "$(pgrep -x bindfs)"
# The run that the scan has started may be at it still.
check "it is caught up when the NAS answers again" within 60 systemctl start wine-inventory-nas.service
check "the NAS has everything again" within 60 same

# It vanishes in mid-scan.
rm -f /var/lib/winecellar/wanted
settings "WINECELLAR_SOURCE=cmd:/var/lib/winecellar/camera"
before=$(book 'SELECT count(*) FROM scans')
systemctl start --no-block wine-inventory-stock.service
check "a scan waits for the camera, with the NAS there" within 60 asked_for_a_picture
kill -KILL "$(pgrep -x bindfs)"
umount -l $nas
touch /var/lib/winecellar/wanted
check "the scan comes to its end without the NAS" within 60 is_inactive wine-inventory-stock.service
check "nothing of it is lost" is "$(book 'SELECT count(*) FROM scans')" $((before + 1))
check "the copy says that the NAS is away" within 60 is_failed wine-inventory-nas.service
check "nothing was written into the empty folder" is "$(ls -A $nas)" ""
check "it waits" has "$(cellar nas status)" "is away"
mount_nas
check "the NAS is back" within 60 mounted
check "and is caught up" systemctl start wine-inventory-nas.service
check "exactly" same
check "nothing half is left there" is "$(find /srv/nas-disk -name '.*.partial')" ""

# Old scans go here once the NAS has them; their pictures are still seen.
old=$(ls /var/lib/winecellar/data/snapshots | head -n 1)
cellar stock tidy --keep-free-mb 10000000 >/dev/null 2>&1
check "with too little room old pictures go" not test -e "/var/lib/winecellar/data/snapshots/$old"
check "the newest good scan stays" is "$(ls /var/lib/winecellar/data/snapshots | wc -l)" 1
systemctl restart winecellar-api.service
check "the server knows the NAS" within 60 ready
check "an old picture comes from the NAS" page "/media/scans/$old/frame.jpg" -o /dev/null
umount $nas
settings "WINECELLAR_NAS_DIR="
settings "WINECELLAR_SOURCE=file:/var/lib/winecellar/less.jpg"
