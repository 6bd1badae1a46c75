// The classes of the SDKs that could not be had, made from the JSON Schema of the request: names and types as the
// vendor's generators make them. They hold the code to its own words; whether the SDK has the same, they can not tell.
import { join } from 'node:path';
import { own, read } from './harness.mjs';

const schema = JSON.parse(read(join(own, '../../docs/create-instance.schema.json')));

/** Structures with a name of their own, by the member that holds them. */
const SHARED = {
  ForwardInfos: 'ForwardInfo',
  BandwidthLimit: 'BandwidthLimit',
  CredentialConfig: 'CredentialConfig',
  DynamicMount: 'DynamicMount',
  MountPoints: 'DynamicMountPoint',
};

/** All classes: for each name, `outer` is the class that it is part of, `members` are its members and their types. */
export function classes() {
  const found = {};
  const typeOf = (member, value, owner) => {
    const type = [value.type].flat().find((type) => type !== 'null');
    if (value.$ref) {
      const shared = SHARED[member];
      const name = shared ?? owner.name + member;
      add(name, shared ?? owner.outer, schema.$defs[value.$ref.split('/').pop()]);
      return { class: name };
    }
    if (type === 'array') return { list: typeOf(member, value.items, owner) };
    if (type === 'object') return value.additionalProperties?.type === 'string' ? 'texts' : 'any';
    return type;
  };
  const add = (name, outer, { properties }) => {
    found[name] = { outer, members: {} };
    for (const [member, value] of Object.entries(properties)) {
      found[name].members[member] = typeOf(member, value, { name, outer });
    }
  };
  add('CreateInstanceRequest', 'CreateInstanceRequest', schema);
  return found;
}
