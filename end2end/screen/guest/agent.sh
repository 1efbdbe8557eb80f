# Does in the guest what drive.py asks for over the second serial line: a line is a command; what it printed comes back between
# two marks, the second with its exit code.
exec <>/dev/ttyS1 >&0
stty raw -echo
echo "::ready"
while IFS= read -r line; do
    echo "::begin"
    bash -c "$line" </dev/null 2>&1
    printf '\n::end %s\n' $?
done
