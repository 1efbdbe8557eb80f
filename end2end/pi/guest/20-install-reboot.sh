# One command, then the box is a cellar with a screen.
pi() { bash /probe/pi.sh --zone Europe/Berlin --camera "$1" /probe/winecellar_*.deb /probe/winecellar-kiosk_*.deb; }
logged() { # FILE COMMAND...
    "${@:2}" >"/probe/$1.log" 2>&1
}
camera_is() { is "$(grep -c ^WINECELLAR_SOURCE= /etc/winecellar/shared.env) $(sed -n 's/^WINECELLAR_SOURCE=//p' /etc/winecellar/shared.env)" "1 $1"; }
set_up_opens() {
    local link
    link=$(grep -Eo 'http://[^ ]*/setup\?[^ ]*' /probe/first.log | tail -n 1)
    [ -n "$link" ] || { echo "no link in what pi.sh said"; return 1; }
    page "/setup?${link##*/setup\?}" -o /dev/null
}
check "pi.sh comes to its end" logged first pi v4l2:/dev/video0
tail -n 25 /probe/first.log | sed 's/^/# | /'
check "the zone is set" is "$(timedatectl show --property=Timezone --value)" Europe/Berlin
check "the camera is named, once" camera_is v4l2:/dev/video0
check "and the program takes it" has "$(cellar config)" "v4l2:/dev/video0"
check "the server gets ready" within 60 ready
check "it says the link that makes the first admin, and that opens" set_up_opens
check "the scan's timer waits" is_waiting wine-inventory-stock.timer
check "the box starts with the screen" is "$(systemctl get-default)" graphical.target
check "the kiosk is enabled" systemctl is-enabled winecellar-kiosk.service
check "browser, compositor and seat are there" command -v chromium cage seatd Xwayland
check "and letters for the browser" has "$(fc-list)" DejaVu
settings_before=$(sha256sum /etc/winecellar/* /etc/localtime)
check "it may be run again" logged second pi v4l2:/dev/video0
check "and leaves all as it is" is "$(sha256sum /etc/winecellar/* /etc/localtime)" "$settings_before"
check "another camera takes the first one's place" logged third pi v4l2:/dev/video2
check "and is named once" camera_is v4l2:/dev/video2
check "without one, what is set stays" logged fourth bash /probe/pi.sh /probe/winecellar_*.deb
check "as it was" camera_is v4l2:/dev/video2
check "a camera that cannot be read is named" not logged fifth bash /probe/pi.sh --camera v4l:/dev/video2 /probe/winecellar_*.deb
check "with what the program says of it" has "$(cat /probe/fifth.log)" "WRONG"
check "and changes nothing" camera_is v4l2:/dev/video2
check "nor leaves a file behind" is "$(ls /etc/winecellar)" "$(printf 'kiosk.env\nshared.env')"
