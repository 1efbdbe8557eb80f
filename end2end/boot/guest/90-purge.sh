# Purge asks nothing, leaves no process, and leaves the book.
check "purge asks nothing" dpkg --purge winecellar
check "no process is left" not pgrep -u winecellar
check "no unit is left" is "$(systemctl list-unit-files --no-legend 'winecellar-api*' 'wine-inventory*')" ""
check "the settings are gone" not test -e /etc/winecellar/shared.env
check "the book is still there" is "$(book 'PRAGMA integrity_check')" ok
