# The box is switched off and on: it comes up by itself.
next_run() { date -d "$(systemctl show --property=NextElapseUSecRealtime --value wine-inventory-stock.timer)" +%H:%M; }
kiosk_is_tried() { # This container has no screen: cage cannot stay. It is tried again and again.
    [ "$(prop winecellar-kiosk.service NRestarts)" -ge 1 ] || is_activating winecellar-kiosk.service
}
check "the server gets ready" within 60 ready
check "the next scan is at three o'clock" is "$(next_run)" 03:00
check "the screen's unit is started with the box, and waits for its screen" within 60 kiosk_is_tried
check "no login takes the screen" is_inactive getty@tty1.service
check "nothing else has failed" is "$(systemctl list-units --failed --plain --no-legend 'wine-*' winecellar-api.service)" ""
