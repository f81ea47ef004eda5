import { fields, listOf, oneOf, type Shape, text, wholeNumber } from '../../declared/shape';

const anything: Shape<unknown> = (value) => value;
const truth = oneOf(true, false);
const arn = text(/^acs:[a-z]+:/, 'an ARN');
const hook = fields({ handler: text(/^\w+\.\w+$/, 'file.method'), timeout: wholeNumber(1, 300) });

const EVENTS = ['PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload', 'AppendObject'].map(
  (name) => `oss:ObjectCreated:${name}`,
);
const common = {
  triggerName: text(/^[A-Za-z_][\w-]{0,127}$/, 'the name of a trigger'),
  qualifier: oneOf('LATEST'),
};
const optional = { description: text() };
const ossTrigger = fields(
  {
    ...common,
    triggerType: oneOf('oss'),
    sourceArn: arn,
    // Without it s makes a role for all functions of the account, and a call to RAM.
    invocationRole: arn,
    triggerConfig: fields({
      // Whole objects only: ObjectCreated:* fires for every part of an upload.
      events: listOf(oneOf(...EVENTS)),
      filter: fields({
        key: fields({
          prefix: text(/^([^/].*)?$/s, 'a prefix without a slash before it'),
          suffix: text(/^/),
        }),
      }),
    }),
  },
  optional,
);
const timerTrigger = fields(
  {
    ...common,
    triggerType: oneOf('timer'),
    triggerConfig: fields(
      { cronExpression: text(/^(@every \d+m|CRON_TZ=.+|\S+( \S+){5})$/, 'a time'), enable: oneOf(true) },
      { payload: text(/^/) },
    ),
  },
  optional,
);
const httpTrigger = fields(
  {
    ...common,
    triggerType: oneOf('http'),
    triggerConfig: fields(
      // Nobody without a signature or a token.
      { authType: oneOf('function', 'jwt'), methods: listOf(oneOf('GET', 'POST', 'HEAD', 'OPTIONS')) },
      { authConfig: anything, disableURLInternet: truth },
    ),
  },
  optional,
);
const triggers: Record<string, Shape<unknown>> = { oss: ossTrigger, timer: timerTrigger, http: httpTrigger };

/** fc3's own schema takes any triggerConfig for that of another type: here its type decides. */
const anyTrigger: Shape<unknown> = (value, path) => {
  const { triggerType } = Object(value);
  const shape = triggers[String(triggerType)];
  if (!shape) throw new Error(`${path}.triggerType is not one of ${Object.keys(triggers).join(', ')}`);
  return shape(value, path);
};

/** Props of the component fc3, as far as this product uses them; `s deploy` sends a key that it does not know nowhere. */
export const fc3Props = fields(
  {
    region: text(/^[a-z]+(-[a-z0-9]+)+$/, 'a region'),
    functionName: text(/^[A-Za-z_][\w-]{0,63}$/, 'the name of a function'),
    runtime: oneOf('nodejs20'),
    handler: oneOf('index.handler'),
    code: text(),
    cpu: anything,
    memorySize: wholeNumber(128, 32_768),
    diskSize: wholeNumber(512, 10_240),
    timeout: wholeNumber(1, 86_400),
    role: arn,
    environmentVariables: anything,
    logConfig: fields(
      { project: text(/^[a-z0-9-]{3,63}$/, 'a log project'), logstore: text() },
      {
        enableRequestMetrics: truth,
        enableInstanceMetrics: truth,
        logBeginRule: oneOf('DefaultRegex', 'None'),
      },
    ),
    instanceLifecycleConfig: fields({ initializer: hook }, { preStop: hook }),
    triggers: listOf(anyTrigger),
  },
  {
    description: text(),
    internetAccess: truth,
    concurrencyConfig: fields({ reservedConcurrency: wholeNumber(1) }),
    asyncInvokeConfig: fields({
      qualifier: oneOf('LATEST'),
      asyncTask: truth,
      maxAsyncEventAgeInSeconds: wholeNumber(1, 604_800),
      maxAsyncRetryAttempts: wholeNumber(0, 8),
      destinationConfig: fields({ onFailure: fields({ destination: arn }) }),
    }),
  },
);

/** Props of the component ros. */
export const rosProps = fields({
  region: text(),
  name: text(/^[A-Za-z][\w-]{0,254}$/, 'the name of a stack'),
  template: text(),
  parameters: anything,
});
