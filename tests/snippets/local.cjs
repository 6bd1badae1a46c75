// Leads the SDK to this machine; the code itself is run as it is.
const { default: Core } = require('@alicloud/openapi-core');

const { callApi } = Core.prototype;
Core.prototype.callApi = function local(...rest) {
  if (this._endpoint !== 'pai-dsw.cn-hangzhou.aliyuncs.com') throw new Error(this._endpoint);
  this._endpoint = process.env.DSW_TEST_HOST;
  this._protocol = 'HTTP';
  return callApi.apply(this, rest);
};
