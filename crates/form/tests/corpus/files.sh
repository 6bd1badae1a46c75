It's so:
cat > b <<'X' 2>/dev/null
{\"InstanceName\": \"a\\\"\"}
X
PS C:\a> curl.exe -d @b \ 
  http://h/
