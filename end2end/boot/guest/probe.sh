# Runs the checks in order; after a …-reboot.sh the machine boots again and goes on with the next. Powers off at the end.
cd /probe
. ./check.sh
for file in [0-9]*.sh; do
    [ -e "done-$file" ] && continue
    touch "done-$file"
    echo "# ${file%.sh}"
    begun=$SECONDS
    . "./$file"
    echo "# ${file%.sh} took $((SECONDS - begun)) s"
    case $file in
        *-reboot.sh) sync; systemctl --no-block reboot; exit 0 ;;
    esac
done
echo "probe: done"
sync
systemctl --no-block poweroff
