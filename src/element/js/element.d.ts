/** The types of `payment-form` for a host page. Amounts and ids are strings, so that no amount is ever a float; dates are `YYYY-MM-DD`. */

export type Amount = string;
export type Id = string;
/** `YYYY-MM-DD`. */
export type Day = string;

export type Api = 'fusebill' | 'maiascore';
export type Plan = 'oldest' | 'newest' | 'exact' | 'manual' | 'none';
export type Source = 'SelfServicePortal' | 'Manual' | 'Automatic' | 'Import';

export type Encoding = 'json' | 'xml' | 'form';
export type AllocationWire = 'explicit' | 'auto';
export type OrderDate = 'due' | 'issued';
export type Idempotency = 'auto' | 'required' | 'none';
export type Persist = 'session' | 'none';

export type State =
  | 'loading' | 'ready' | 'reviewing' | 'submitting' | 'resolving' | 'recorded' | 'rejected' | 'held' | 'unknown' | 'crashed';

/** The reason for the share of an invoice. */
export type Reason =
  | 'pinned' | 'exact' | 'part' | 'nothing-left' | 'too-small' | 'not-chosen'
  | 'oldest-due' | 'next-oldest-due' | 'newest-due' | 'next-newest-due'
  | 'oldest-issued' | 'next-oldest-issued' | 'newest-issued' | 'next-newest-issued';

/** One invoice, which is open while its balance is above zero. */
export interface Invoice {
  id: Id | number;
  number?: string | undefined;
  dueDate?: Day | null | undefined;
  issuedOn?: Day | null | undefined;
  total?: Amount | number | null | undefined;
  balance: Amount | number;
  /** ISO 4217; needed unless the attribute `currency` names it. */
  currency?: string | undefined;
}

/** A stored method, masked: no card number ever enters the form. */
export interface StoredMethod {
  id: Id | number;
  kind: 'CreditCard' | 'ACH';
  label: string;
  isDefault?: boolean | undefined;
  /** `YYYY-MM`. */
  expires?: string | null | undefined;
}

/** The draft: what stands in each input, as typed. */
export interface Value {
  amount?: string | undefined;
  paymentMethod?: string | undefined;
  reference?: string | undefined;
  allocation?: Plan | undefined;
  /** MaiaScore, in place of `amount`. */
  amountPaid?: string | undefined;
  amountDue?: string | undefined;
  dueDate?: string | undefined;
  date?: string | undefined;
  /** The shares that were typed, by invoice id. */
  shares?: Record<Id, string> | undefined;
}

export interface PreviewShare {
  readonly invoiceId: Id;
  readonly amount: Amount;
  readonly reason: Reason;
}

/** The division of the payment. */
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
  /** This request was refused. A copy of it may still have paid: offer no other payment. */
  'payment-held': CustomEvent<{ readonly status: number | null; readonly retryAfter: number }>;
  /** No answer settles the payment: offer no other payment. */
  'payment-unknown': CustomEvent<{ readonly attempt: string }>;
  'payment-load-error': CustomEvent<{ readonly message: string }>;
  'payment-crash': CustomEvent<{ readonly message: string }>;
}

/** Text as an attribute takes it: a number is written out. */
export type Text = string | number;

/** The attributes, as markup writes them. */
export interface PaymentFormAttributes {
  api?: Api | undefined;
  endpoint?: string | undefined;
  encoding?: Encoding | undefined;
  'customer-id'?: Text | undefined;
  source?: Source | undefined;
  methods?: string | undefined;
  currency?: string | undefined;
  locale?: string | undefined;
  amount?: Text | undefined;
  min?: Text | undefined;
  max?: Text | undefined;
  allocation?: Plan | undefined;
  'allocation-wire'?: AllocationWire | undefined;
  'order-date'?: OrderDate | undefined;
  confirm?: boolean | undefined;
  idempotency?: Idempotency | undefined;
  'resolve-endpoint'?: string | undefined;
  'reference-marker'?: boolean | undefined;
  timeout?: Text | undefined;
  'quiet-time'?: Text | undefined;
  persist?: Persist | undefined;
  payee?: string | undefined;
  payer?: string | undefined;
  prepayment?: boolean | undefined;
  staff?: boolean | undefined;
  'invoices-src'?: string | undefined;
  'payment-methods-src'?: string | undefined;
  disabled?: boolean | undefined;
}

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

/** The attributes by the names of their properties. */
export type PaymentFormAttributeProperties = { [Name in keyof PaymentFormAttributes as Camel<Name>]: PaymentFormAttributes[Name] };

/** `Bearer …`, or a function that gives it. */
export type Authorization = string | (() => string | Promise<string>);
export type Lookup = (query: LookupQuery) => Promise<object | string | null>;

/** The properties that are no attributes. */
export interface PaymentFormProperties {
  invoices?: readonly Invoice[] | null | undefined;
  paymentMethods?: readonly StoredMethod[] | undefined;
  authorization?: Authorization | undefined;
  lookup?: Lookup | undefined;
  messages?: Readonly<Record<string, string>> | undefined;
}

/** The class behind `<payment-form>`. Importing it has no side effect; `payment-form/define.js` registers the tag. */
export class PaymentForm extends HTMLElement {
  get api(): Api | null;
  set api(text: Api | null | undefined);
  get endpoint(): string | null;
  set endpoint(text: string | null | undefined);
  get encoding(): Encoding | null;
  set encoding(text: Encoding | null | undefined);
  get customerId(): string | null;
  set customerId(text: Text | null | undefined);
  get source(): Source | null;
  set source(text: Source | null | undefined);
  get methods(): string | null;
  set methods(text: string | null | undefined);
  get currency(): string | null;
  set currency(text: string | null | undefined);
  /** The attribute, else the nearest `lang`, else the browser's. */
  get locale(): string;
  set locale(text: string | null | undefined);
  get amount(): string | null;
  set amount(text: Text | null | undefined);
  get min(): string | null;
  set min(text: Text | null | undefined);
  get max(): string | null;
  set max(text: Text | null | undefined);
  get allocation(): Plan | null;
  set allocation(text: Plan | null | undefined);
  get allocationWire(): AllocationWire | null;
  set allocationWire(text: AllocationWire | null | undefined);
  get orderDate(): OrderDate | null;
  set orderDate(text: OrderDate | null | undefined);
  get idempotency(): Idempotency | null;
  set idempotency(text: Idempotency | null | undefined);
  get resolveEndpoint(): string | null;
  set resolveEndpoint(text: string | null | undefined);
  get timeout(): string | null;
  set timeout(text: Text | null | undefined);
  get quietTime(): string | null;
  set quietTime(text: Text | null | undefined);
  get persist(): Persist | null;
  set persist(text: Persist | null | undefined);
  get payee(): string | null;
  set payee(text: string | null | undefined);
  get payer(): string | null;
  set payer(text: string | null | undefined);
  get invoicesSrc(): string | null;
  set invoicesSrc(text: string | null | undefined);
  get paymentMethodsSrc(): string | null;
  set paymentMethodsSrc(text: string | null | undefined);
  confirm: boolean;
  referenceMarker: boolean;
  prepayment: boolean;
  staff: boolean;
  disabled: boolean;

  /** A list that cannot be read is told to the person: nothing can be divided then. `null` takes the list back. */
  invoices: readonly Invoice[] | null | undefined;
  paymentMethods: readonly StoredMethod[] | undefined;
  /** Write-only. `Bearer` only, unless `configure({ allowBasic: true })`. Asked for every request of the form, and never kept. */
  set authorization(credentials: Authorization | undefined);
  lookup: Lookup | undefined;
  /** Overrides of any sentence, by its code. */
  messages: Readonly<Record<string, string>> | undefined;
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
export function configure(options?: {
  /** The address of `payment_form_bg.wasm`. Without it the file is loaded from beside the script. */
  wasmUrl?: string | URL | undefined;
  /** The hashes of the files that the form fetches, as `integrity.json` lists them under `files`; a text is the hash of `payment_form_bg.wasm`. */
  integrity?: string | Readonly<Record<string, string>> | undefined;
  allowedOrigins?: Iterable<string> | undefined;
  /** Lets `Basic` credentials leave the browser. For development: an account-wide key belongs on a server. */
  allowBasic?: boolean | undefined;
}): void;

declare global {
  interface HTMLElementTagNameMap {
    'payment-form': PaymentForm;
  }
  /** The events bubble and cross shadow roots, so every element, the document and the window hear them. */
  interface GlobalEventHandlersEventMap extends PaymentFormEventMap {}
}
