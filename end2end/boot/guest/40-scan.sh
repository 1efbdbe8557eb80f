# A scan by hand really scans, and the page shows it; a second one leaves the first alone.
less=/var/lib/winecellar/less.jpg
cellar demo photo --without 03_03=1 $less
settings "WINECELLAR_SOURCE=file:$less"
systemctl restart winecellar-api.service
check "the server is back after its settings were changed" within 60 ready
before=$(book 'SELECT count(*) FROM scans')
check "systemctl start wine-inventory-stock.service scans" systemctl start wine-inventory-stock.service
check "the scan is in the book" is "$(book 'SELECT count(*) FROM scans')" $((before + 1))
check "it says what it saw in the journal" has "$(journalctl --no-pager -u wine-inventory-stock.service -n 50)" "1 differ from the book"
check "the page shows the bottle that is missing" has "$(page /proposals)" 03_03
last=$(book 'SELECT id FROM scans ORDER BY started_at DESC LIMIT 1')
check "the page of the scan opens" page "/scans/$last"
check "its picture can be seen" test -s "/var/lib/winecellar/data/snapshots/$last/annotated.jpg"

# A camera that gives its pictures when this test wants it.
cat >/var/lib/winecellar/camera <<'END'
#!/bin/sh
until [ -e /var/lib/winecellar/wanted ]; do sleep 0.1; done
exec cat /var/lib/winecellar/less.jpg
END
chmod 755 /var/lib/winecellar/camera
settings "WINECELLAR_SOURCE=cmd:/var/lib/winecellar/camera"
before=$(book 'SELECT count(*) FROM scans')
systemctl start --no-block wine-inventory-stock.service
check "a scan waits for the camera" within 60 asked_for_a_picture
second=$(cellar stock run 2>&1)
check "a second scan ends with 75" is $? 75
check "and names who holds the lock" has "$second" wine-inventory-stock.service
systemctl start --no-block wine-inventory-stock.service
check "the unit is started once only" is "$(pgrep -u winecellar -fc 'winecellar stock run')" 1
touch /var/lib/winecellar/wanted
check "the first scan comes to its end" within 60 is_inactive wine-inventory-stock.service
check "it is one scan" is "$(book 'SELECT count(*) FROM scans')" $((before + 1))
check "and went well" is "$(prop wine-inventory-stock.service Result)" success
settings "WINECELLAR_SOURCE=file:$less"
