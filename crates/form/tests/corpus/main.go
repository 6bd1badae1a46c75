package main
	request := &dsw.CreateInstanceRequest{
		InstanceName: dara.String("a\u2028"), Priority: dara.Int64(1),
		Datasets: []*dsw.CreateInstanceRequestDatasets{{Uri: dara.String(`b`), Dynamic: dara.Bool(false)}},
		MigrationOptions: map[string]interface{}{"n": json.Number("1e400"), "l": []interface{}{nil, true}},
	}
