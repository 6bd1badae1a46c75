locals {
  dsw_region = "cn-hangzhou"
  dsw_body = {
    "InstanceName" = "$${a}%%{b}"
    Tag = [{ Key = var.KEY }]
  }
}
