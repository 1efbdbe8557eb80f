# When the nightly scan is due, also on the nights on which the clock is changed (the guest lives in Berlin).
due() { # FROM: the next three nights
    systemd-analyze calendar --iterations=3 --base-time="$1" '*-*-* 03:00:00' | grep -oE '20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8} C?ES?T' | tr '\n' ','
}
check "the timer's calendar is 03:00, and it catches up" has "$(prop wine-inventory-stock.timer TimersCalendar) $(prop wine-inventory-stock.timer Persistent)" "OnCalendar=*-*-* 03:00:00"
check "it catches up after a night without power" is "$(prop wine-inventory-stock.timer Persistent)" yes
check "the next scan is due at 03:00" has "$(systemctl list-timers --all --no-pager wine-inventory-stock.timer)" "03:00:00"
check "one scan in the night in which the clock goes forward" is "$(due '2027-03-27 12:00')" "2027-03-28 03:00:00 CEST,2027-03-29 03:00:00 CEST,2027-03-30 03:00:00 CEST,"
check "one scan in the night in which it goes back" is "$(due '2027-10-30 12:00')" "2027-10-31 03:00:00 CET,2027-11-01 03:00:00 CET,2027-11-02 03:00:00 CET,"
