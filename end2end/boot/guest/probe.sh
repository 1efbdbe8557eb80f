# Runs the checks in order; after a …-reboot.sh the machine boots again and goes on with the next. Powers off at the end.
cd /probe
. ./check.sh
for file in [0-9]*.sh; do
    [ -e "done-$file" ] && continue
    touch "done-$file"
    echo "# ${file%.sh}"
    . "./$file"
    case $file in
        *-reboot.sh) sync; systemctl --no-block reboot; exit 0 ;;
    esac
done
journalctl --no-pager --output=short-precise >journal.log
echo "probe: done"
sync
systemctl --no-block poweroff
