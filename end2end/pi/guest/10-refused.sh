# What cannot be is refused with a word, before anything is changed.
packages=$(echo /probe/winecellar_*.deb /probe/winecellar-kiosk_*.deb)
refused() { # WORD ARGUMENTS...
    local said
    if said=$(bash /probe/pi.sh "${@:2}" 2>&1); then echo "it was taken"; return 1; fi
    has "$said" "$1"
}
other() { # a package for another machine
    mkdir -p /tmp/other/DEBIAN
    printf 'Package: winecellar\nVersion: 1\nArchitecture: armhf\nMaintainer: x <x@localhost>\nDescription: x\n' >/tmp/other/DEBIAN/control
    dpkg-deb --build /tmp/other /tmp/other.deb >/dev/null
}
before=$(dpkg-query -W | sha256sum)
other
check "without packages" refused "name the packages"
check "an unknown option" refused "there are --camera SPEC" --colour $packages
check "a file that is not there" refused "there is no file /probe/nothing.deb" /probe/nothing.deb
check "a file that is no package" refused "is no Debian package" /probe/pi.sh
check "a package for another machine" refused "take the 64-bit one" /tmp/other.deb
check "a zone that there is not" refused "timedatectl list-timezones" --zone Europe/Bordeaux-Nord $packages
check "the Pi's camera where nobody has its program" refused "only Raspberry Pi OS has" $packages
check "nobody but root" has "$(setpriv --reuid=65534 --clear-groups bash /probe/pi.sh 2>&1)" "needs root"
check "and no package came or went" is "$(dpkg-query -W | sha256sum)" "$before"
