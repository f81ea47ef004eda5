import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';

/** What a validator of the ROS CDK answers. */
type Validation = { isSuccess: boolean; errorTree(): string };
type Validator = (properties: unknown) => Validation;

/** How a property is called in a template and in the CDK, and what lies below it. */
export type Naming = { cdk: string; below?: string; kind: 'one' | 'list' | 'map' };

/** The generated code of a package `@alicloud/ros-cdk-<service>`. */
export type Generated = {
  /** By name, for example `RosBucketPropsValidator`. */
  validators: Map<string, Validator>;
  /** By the name of the function that renders a kind of properties, then by the template's name. */
  namings: Map<string, Map<string, Naming>>;
  /** `RosBucket` by `ALIYUN::OSS::Bucket`. */
  classes: Map<string, string>;
  /** What Fn::GetAtt gives, by class. */
  attributes: Map<string, string[]>;
};

const require = createRequire(resolve('package.json'));

/**
 * Reads a package's generated code. Its validators are private, so they are compiled with one line more, in memory;
 * its tables of names stand in the regular text of the functions that render properties.
 */
export function readGenerated(service: string): Generated {
  const file = require.resolve(`@alicloud/ros-cdk-${service}/lib/${service}.generated.js`);
  const code = readFileSync(file, 'utf8');
  const names = [...code.matchAll(/^function (Ros\w+Validator)\(/gm)].map(([, name = '']) => name);
  const compiled = compileFunction(`${code}\nreturn { ${names.join(', ')} };`, ['exports', 'require']);
  const validators: Record<string, Validator> = compiled({}, createRequire(file));
  return {
    validators: new Map(Object.entries(validators)),
    namings: namingsIn(code),
    classes: new Map(
      [...code.matchAll(/^(Ros\w+)\.ROS_RESOURCE_TYPE_NAME = "([\w:]+)";/gm)].map(
        ([, name = '', type = '']) => [type, name],
      ),
    ),
    attributes: attributesIn(code),
  };
}

function namingsIn(code: string): Generated['namings'] {
  const functions = code.matchAll(
    /^function (ros\w+ToRosTemplate)\([\s\S]*?\n {4}return \{\n([\s\S]*?)\n {4}\};/gm,
  );
  return new Map([...functions].map(([, name = '', body = '']) => [name, namingsOf(body)]));
}

function namingsOf(body: string): Map<string, Naming> {
  const lines = body.matchAll(/^\s+'(\w+)': (.+)\(properties\.(\w+)\),$/gm);
  return new Map(
    [...lines].map(([, name = '', mapper = '', cdk = '']) => {
      const [below] = /\bros\w+PropertyToRosTemplate/.exec(mapper) ?? [];
      return [name, { cdk, kind: kindOf(mapper), ...(below !== undefined && { below }) }];
    }),
  );
}

function kindOf(mapper: string): Naming['kind'] {
  if (mapper.startsWith('ros.listMapper')) return 'list';
  return mapper.startsWith('ros.hashMapper') ? 'map' : 'one';
}

function attributesIn(code: string): Generated['attributes'] {
  const classes = code.matchAll(/^class (Ros\w+) extends ros\.RosResource \{\n([\s\S]*?)\n\}/gm);
  return new Map(
    [...classes].map(([, name = '', body = '']) => [
      name,
      [...body.matchAll(/this\.getAtt\('([\w.]+)'\)/g)].map(([, attribute = '']) => attribute),
    ]),
  );
}
