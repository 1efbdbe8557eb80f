# The server is killed, and hangs: systemd brings it back, and what was acknowledged is there.
bottles=$(book 'SELECT count(*) FROM bottles')
first=$(prop winecellar-api.service MainPID)
systemctl kill --kill-who=main --signal=KILL winecellar-api.service
other() { [ "$(prop winecellar-api.service MainPID)" != "$1" ] && ready; }
check "killed, the server is back" within 60 other "$first"
# The watchdog of the package waits half a minute; the test does not.
mkdir -p /run/systemd/system/winecellar-api.service.d
printf '[Service]\nWatchdogSec=3\nTimeoutAbortSec=2\n' >/run/systemd/system/winecellar-api.service.d/test.conf
systemctl daemon-reload
systemctl restart winecellar-api.service
check "the watchdog is fed" within 60 ready
second=$(prop winecellar-api.service MainPID)
restarts=$(prop winecellar-api.service NRestarts)
kill -STOP "$second"
check "hanging, the server is back" within 60 other "$second"
check "because the watchdog saw it" has "$(journalctl --no-pager -u winecellar-api.service -n 50)" "Watchdog timeout"
check "it was restarted once" is "$(prop winecellar-api.service NRestarts)" $((restarts + 1))
rm -r /run/systemd/system/winecellar-api.service.d
systemctl daemon-reload
systemctl restart winecellar-api.service
check "nothing is lost" is "$(book 'SELECT count(*) FROM bottles')" "$bottles"
check "the book is sound" is "$(book 'PRAGMA integrity_check')" ok

# A scan is killed in its middle: nothing half, and the next one works.
systemctl start --no-block wine-inventory-stock.service
check "the scan runs" within 60 is_activating wine-inventory-stock.service
systemctl kill --signal=KILL wine-inventory-stock.service
check "killed, the scan counts as failed" within 60 is_failed wine-inventory-stock.service
check "the next scan works" systemctl start wine-inventory-stock.service
unknown() { # folders of scans that the book does not have
    local folder
    for folder in /var/lib/winecellar/data/snapshots/*; do
        [ "$(book "SELECT count(*) FROM scans WHERE id = '${folder##*/}'")" = 1 ] || echo "$folder"
    done
}
check "no half folder counts as a scan" is "$(unknown)" ""
