# The package of an older version, on a fresh Debian: units reach their state.
check "the older version installs" dpkg -i /probe/packages/winecellar_0.0.9_amd64.deb
check "the server gets ready" within 60 ready
check "the server runs" is "$(systemctl is-active winecellar-api.service)" active
check "the scan's timer waits" is "$(prop wine-inventory-stock.timer SubState)" waiting
check "the backup's timer waits" is "$(prop wine-inventory-backup.timer SubState)" waiting
check "no unit has failed" is "$(systemctl list-units --failed --plain --no-legend 'wine*')" ""
check "the services have a user of their own" is "$(stat -c %U:%a /var/lib/winecellar)" winecellar:750
check "the settings can be read by root and the services alone" is "$(stat -c %U:%G:%a /etc/winecellar/shared.env)" root:winecellar:640
check "the models that read labels lie where the program looks, with their licence" test -s /usr/share/winecellar/labels/MODEL_LICENSES.md
check "and the doctor finds them" has "$(cellar doctor --no-camera)" "by the models in /usr/share/winecellar/labels"
check "units are enabled" systemctl is-enabled winecellar-api.service wine-inventory-stock.timer wine-inventory-backup.timer
check "a demo cellar is made, and scanned" cellar demo
