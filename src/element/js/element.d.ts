/** What `payment-form` gives a host page. Amounts and ids are strings, so that no amount is ever a float; dates are `YYYY-MM-DD`. */

export type Amount = string;
export type Id = string;
/** `YYYY-MM-DD`. */
export type Day = string;

export type Api = 'fusebill' | 'maiascore';
export type Plan = 'oldest' | 'newest' | 'exact' | 'manual' | 'none';
export type Source = 'SelfServicePortal' | 'Manual' | 'Automatic' | 'Import';

export type State =
  | 'loading' | 'ready' | 'reviewing' | 'submitting' | 'resolving' | 'recorded' | 'rejected' | 'held' | 'unknown' | 'crashed';

/** Why an invoice gets its share. */
export type Reason =
  | 'pinned' | 'exact' | 'part' | 'nothing-left' | 'too-small' | 'not-chosen'
  | 'oldest-due' | 'next-oldest-due' | 'newest-due' | 'next-newest-due'
  | 'oldest-issued' | 'next-oldest-issued' | 'newest-issued' | 'next-newest-issued';

/** What is owed: one invoice. Open while its balance is above zero. */
export interface Invoice {
  id: Id | number;
  number?: string;
  dueDate?: Day | null;
  issuedOn?: Day | null;
  total?: Amount | number | null;
  balance: Amount | number;
  /** ISO 4217; needed unless the attribute `currency` names it. */
  currency?: string;
}

/** A stored method, masked: no card number ever enters the form. */
export interface StoredMethod {
  id: Id | number;
  kind: 'CreditCard' | 'ACH';
  label: string;
  isDefault?: boolean;
  /** `YYYY-MM`. */
  expires?: string | null;
}

/** The draft: what stands in each input, as typed. */
export interface Value {
  amount?: string;
  paymentMethod?: string;
  reference?: string;
  allocation?: Plan;
  /** MaiaScore, in place of `amount`. */
  amountPaid?: string;
  amountDue?: string;
  dueDate?: string;
  date?: string;
  /** The shares that were typed, by invoice id. */
  shares?: Record<Id, string>;
}

export interface PreviewShare {
  readonly invoiceId: Id;
  readonly amount: Amount;
  readonly reason: Reason;
}

/** How the payment will be divided. */
export interface Preview {
  readonly amount: Amount;
  readonly allocations: readonly PreviewShare[];
  readonly allocated: Amount;
  readonly unallocated: Amount;
  /** `null` while the invoices are not known. */
  readonly stillOwed: Amount | null;
}

/** One thing that is wrong. */
export interface Problem {
  /** Stable, such as `amount-missing` or `share-above-balance`. */
  readonly code: string;
  /** The name of the input; `share` with an `invoiceId`, `form` for none. */
  readonly field: string;
  readonly invoiceId: Id | null;
  /** A sentence in the person's language. */
  readonly message: string;
  readonly params: { readonly amount?: Amount; readonly count?: string; readonly max?: string };
  /** The server's own key, where there is one. */
  readonly key: string | null;
}

/** The record as the server returned it. */
export interface Receipt {
  readonly id: string;
  readonly amount: Amount;
  readonly currency: string | null;
  readonly allocations: readonly { readonly invoiceId: Id; readonly amount: Amount }[];
  readonly unallocated: Amount | null;
  /** The body, as it came. */
  readonly raw: string;
}

/** One way in which the record is not what was previewed and sent. */
export interface Difference {
  readonly field: string;
  readonly invoiceId: Id | null;
  readonly sent: string;
  readonly recorded: string;
}

export interface ChangeDetail {
  readonly field: string;
  readonly invoiceId: Id | null;
  readonly amount: Amount | null;
  readonly allocated: Amount | null;
  readonly unallocated: Amount | null;
  readonly valid: boolean;
}

export interface SubmitDetail {
  readonly method: 'POST';
  readonly url: string;
  readonly body: string;
  readonly value: Value;
  readonly preview: Preview | null;
}

export interface LookupQuery {
  readonly attempt: string;
  readonly reference: string | null;
  readonly amount: Amount;
}

export interface PaymentFormEventMap {
  'payment-ready': CustomEvent<null>;
  'payment-change': CustomEvent<ChangeDetail>;
  /** Cancelable: nothing is sent after `preventDefault()`. */
  'payment-submit': CustomEvent<SubmitDetail>;
  'payment-recorded': CustomEvent<{ readonly receipt: Receipt; readonly differences: readonly Difference[] }>;
  'payment-rejected': CustomEvent<{ readonly status: number; readonly problems: readonly Problem[] }>;
  'payment-held': CustomEvent<{ readonly status: number | null; readonly retryAfter: number }>;
  'payment-unknown': CustomEvent<{ readonly attempt: string }>;
  'payment-load-error': CustomEvent<{ readonly message: string }>;
  'payment-crash': CustomEvent<{ readonly message: string }>;
}

/** The attributes, as markup writes them. */
export interface PaymentFormAttributes {
  api?: Api;
  endpoint?: string;
  encoding?: 'json' | 'xml' | 'form';
  'customer-id'?: string | number;
  source?: Source;
  methods?: string;
  currency?: string;
  locale?: string;
  amount?: Amount | number;
  min?: Amount | number;
  max?: Amount | number;
  allocation?: Plan;
  'allocation-wire'?: 'explicit' | 'auto';
  'order-date'?: 'due' | 'issued';
  confirm?: boolean | '';
  idempotency?: 'auto' | 'required' | 'none';
  'resolve-endpoint'?: string;
  'reference-marker'?: boolean | '';
  timeout?: string | number;
  'quiet-time'?: string | number;
  persist?: 'session' | 'none';
  payee?: string;
  payer?: string;
  prepayment?: boolean | '';
  staff?: boolean | '';
  'invoices-src'?: string;
  'payment-methods-src'?: string;
  disabled?: boolean | '';
}

/** The properties that are no attributes. */
export interface PaymentFormProperties {
  invoices?: readonly Invoice[] | null;
  paymentMethods?: readonly StoredMethod[];
  authorization?: string | (() => string | Promise<string>);
  lookup?: (query: LookupQuery) => Promise<object | string | null>;
  messages?: Record<string, string>;
}

/** The class behind `<payment-form>`. Importing it has no side effect; `payment-form/define.js` registers the tag. */
export class PaymentForm extends HTMLElement {
  api: string | null;
  endpoint: string | null;
  encoding: string | null;
  customerId: string | null;
  source: string | null;
  methods: string | null;
  currency: string | null;
  /** The attribute, else the nearest `lang`, else the browser's. */
  locale: string;
  amount: string | null;
  min: string | null;
  max: string | null;
  allocation: string | null;
  allocationWire: string | null;
  orderDate: string | null;
  confirm: boolean;
  idempotency: string | null;
  resolveEndpoint: string | null;
  referenceMarker: boolean;
  timeout: string | null;
  quietTime: string | null;
  persist: string | null;
  payee: string | null;
  payer: string | null;
  prepayment: boolean;
  staff: boolean;
  invoicesSrc: string | null;
  paymentMethodsSrc: string | null;
  disabled: boolean;

  /** A list that cannot be read is told to the person: nothing can be divided then. `null` takes the list back. */
  invoices: readonly Invoice[] | null | undefined;
  paymentMethods: readonly StoredMethod[] | undefined;
  /** Write-only. `Bearer` only, unless `configure({ allowBasic: true })`. Asked for every request of the form, and never kept. */
  set authorization(credentials: string | (() => string | Promise<string>) | undefined);
  lookup: ((query: LookupQuery) => Promise<object | string | null>) | undefined;
  /** Overrides of any sentence, by its code. */
  messages: Record<string, string> | undefined;
  value: Value;
  readonly preview: Preview | null;
  readonly problems: readonly Problem[];
  readonly state: State;
  /** Resolves when the form is mounted and usable. */
  readonly ready: Promise<void>;

  /** As the button that pays. */
  submit(): void;
  /** Begins anew; refused while a payment is about to be sent or unsettled. */
  reset(): void;
  /** Reads the lists again from their addresses. */
  refresh(): Promise<void>;
  checkValidity(): boolean;
  /** The same, and puts the problems on the screen. */
  reportValidity(): boolean;

  addEventListener<K extends keyof PaymentFormEventMap>(
    type: K,
    listener: (this: PaymentForm, event: PaymentFormEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: PaymentForm, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof PaymentFormEventMap>(
    type: K,
    listener: (this: PaymentForm, event: PaymentFormEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** Settings of the page's own script, called once: the address of the form's wasm, and the origins that the form may speak to. */
export function configure(options: {
  /** The address of `payment_form_bg.wasm`. Without it the file is loaded from beside the script. */
  wasmUrl?: string | URL;
  /** Subresource integrity of that file, such as `sha384-…`. */
  integrity?: string;
  allowedOrigins?: Iterable<string>;
  /** Lets `Basic` credentials leave the browser. For development: an account-wide key belongs on a server. */
  allowBasic?: boolean;
}): void;

declare global {
  interface HTMLElementTagNameMap {
    'payment-form': PaymentForm;
  }
  interface HTMLElementEventMap extends Pick<PaymentFormEventMap, keyof PaymentFormEventMap> {}
}
