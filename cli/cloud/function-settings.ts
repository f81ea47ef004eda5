import { type Fc, INVOKE } from '../../functions/cloud/functions';

/** A function as GetFunction answers (docs: "Function", API version 2023-03-30). Sizes in MB, `timeout` in seconds. */
type FunctionSettings = {
  state?: string;
  environmentVariables?: Record<string, string>;
} & Record<string, unknown>;

/** As GetAsyncInvokeConfig answers ("AsyncConfig"). */
type AsyncSettings = {
  maxAsyncEventAgeInSeconds?: number;
  maxAsyncRetryAttempts?: number;
  destinationConfig?: { onFailure?: { destination?: string } };
};

/** A trigger as ListTriggers answers, its configuration parsed. */
export type TriggerSettings = {
  triggerName: string;
  triggerType: string;
  sourceArn?: string;
  invocationRole?: string;
  config: Record<string, unknown>;
};

/** All throw `fc-refused` and `fc-unavailable`; the detail begins with the HTTP status. Asked once: others may tell the same. */
export type FunctionInspector = {
  settings(name: string): Promise<FunctionSettings>;
  asyncSettings(name: string): Promise<AsyncSettings>;
  triggers(name: string): Promise<TriggerSettings[]>;
};

export function functionSettingsAt(fc: Fc): FunctionInspector {
  const get = async (path: string): Promise<unknown> => {
    const { data } = await fc.once(INVOKE, (client) => client.request('GET', path, {}, '', {}));
    return data;
  };
  return {
    settings: async (name) => (await get(`/functions/${name}`)) as FunctionSettings,
    asyncSettings: async (name) => (await get(`/functions/${name}/async-invoke-config`)) as AsyncSettings,
    async triggers(name) {
      const { triggers = [] } = (await get(`/functions/${name}/triggers`)) as { triggers?: Listed[] };
      return triggers.map(({ triggerConfig, ...trigger }) => ({
        ...trigger,
        config: JSON.parse(triggerConfig),
      }));
    },
  };
}

type Listed = Omit<TriggerSettings, 'config'> & { triggerConfig: string };
