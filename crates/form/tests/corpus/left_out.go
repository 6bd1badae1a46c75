package main
	// Left out of the request: {"/New": {"Password": "${DSW_PASSWORD}"}}
	// Left out of the request: {"/Datasets/0/Newer": 1.50, "/Datasets/7/Uri": "x", "": 1}
	request := &dsw.CreateInstanceRequest{Datasets: []*dsw.CreateInstanceRequestDatasets{{Uri: dara.String("b")}}}
