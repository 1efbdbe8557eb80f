# Upgrade, refused downgrade.
rows() { book 'SELECT (SELECT count(*) FROM bottles), (SELECT count(*) FROM movements), (SELECT count(*) FROM scans), (SELECT count(*) FROM proposals)'; }
new=$(ls /probe/packages/winecellar_*.deb | grep -v 0.0.9)
kept=$(rows)
backups=$(ls /var/lib/winecellar/data/backups 2>/dev/null | wc -l)
printf '# a line of the owner\n' >>/etc/winecellar/shared.env
check "the newer version installs over it" dpkg --force-confdef --force-confold -i "$new"
check "the server is ready again" within 60 ready
check "it is the new one" is "$(dpkg-query -W -f='${Version}' winecellar)" "$(dpkg-deb -f "$new" Version)"
check "a backup was made before" is "$(ls /var/lib/winecellar/data/backups | wc -l)" $((backups + 1))
check "the backup is whole" cellar restore --check "$(ls -t /var/lib/winecellar/data/backups/*.tar.gz | head -n 1)"
check "all rows are there" is "$(rows)" "$kept"
check "the settings are the owner's" grep -q '^# a line of the owner' /etc/winecellar/shared.env
check "the timers wait" is "$(prop wine-inventory-stock.timer SubState) $(prop wine-inventory-backup.timer SubState)" "waiting waiting"

said=$(dpkg -i /probe/packages/winecellar_0.0.9_amd64.deb 2>&1)
check "a downgrade is refused" is $? 1
check "with a clear word" has "$said" "0.0.9 is older. Refused"
check "the new version is still installed" is "$(dpkg-query -W -f='${Status} ${Version}' winecellar)" "install ok installed $(dpkg-deb -f "$new" Version)"
check "and serves" within 60 ready


# A backup that cannot be made keeps the old version.
chmod 000 /var/lib/winecellar/cellar.db
said=$(dpkg -i "$new" 2>&1)
check "without a backup the upgrade is refused" is $? 1
check "and says why, and the way out" has "$said" "WINECELLAR_UPGRADE_WITHOUT_BACKUP=1"
chmod 640 /var/lib/winecellar/cellar.db
check "the version that was there serves" within 60 ready
check "and upgrades when the cause is gone" dpkg -i "$new"
check "and serves again" within 60 ready
