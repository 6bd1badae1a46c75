curl "http://h/api" ^
  -H ^"A: b^" ^
  --data-raw ^"^{^\^"InstanceName^\^": ^\^"a^\^"^}^"
