import type { AsyncInvoke, Destination } from '../../../declared/function-spec';
import { functionArn } from './arn';
import type { Settlement } from './outcome';

/** What came of telling a destination; `error` when it does not know. */
export type Delivery = { functionName: string; requestId: string; destination: Destination; error?: Error };

export type DestinationsOptions = {
  accountId: string;
  region: string;
  now: () => number;
  configOf(functionName: string): AsyncInvoke | undefined;
  /** As the function's role. Rejects when the queue refuses. */
  sendMessage(functionName: string, queue: string, body: string): Promise<unknown>;
  /** As the function's role. Rejects when it may not be invoked. */
  invokeLater(functionName: string, target: string, event: string): Promise<unknown>;
  onDelivery?: (delivery: Delivery) => void;
};

/**
 * Tells the destinations of a function how an asynchronous invocation ended. What a destination refuses is lost, as
 * the cloud does not try a refusal again (docs: "Destinations of asynchronous invocations"); it is reported.
 */
export function createDestinations(options: DestinationsOptions) {
  return async (settlement: Settlement): Promise<void> => {
    const { functionName, requestId } = settlement.pending;
    const { onFailure, onSuccess } = options.configOf(functionName) ?? {};
    const destination = settlement.invocation.failure ? onFailure : onSuccess;
    if (!destination) return;
    const body = JSON.stringify(destinationMessage(settlement, options));
    const error = await tell(functionName, destination, body).then(() => undefined, asError);
    const delivery = { functionName, requestId, destination, ...(error && { error }) };
    if (options.onDelivery) options.onDelivery(delivery);
    else if (error)
      process.emitWarning(`Cannot tell ${destination.type} ${destination.name}: ${error.message}`);
  };

  function tell(functionName: string, { type, name }: Destination, body: string): Promise<unknown> {
    if (type === 'queue') return options.sendMessage(functionName, name, body);
    return options.invokeLater(functionName, name, body);
  }
}

type Facts = Pick<DestinationsOptions, 'accountId' | 'region' | 'now'>;

/** The documented message; `requestPayload` is the original event, so it can be delivered again. */
function destinationMessage({ pending, invocation, condition }: Settlement, facts: Facts) {
  const { functionName, requestId, attempts, event } = pending;
  const { failure, body } = invocation;
  return {
    timestamp: facts.now(),
    requestContext: {
      requestId,
      functionArn: functionArn(facts, functionName),
      condition,
      approximateInvokeCount: failure ? attempts : attempts + 1,
    },
    requestPayload: Buffer.from(event, 'base64').toString('utf8'),
    responseContext: { statusCode: 200, functionError: failure?.kind ?? '' },
    responsePayload: body.toString('utf8'),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
