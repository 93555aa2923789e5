import { type AddressCodec, integerText, plainText } from "@pellucid/interpret/parts/keep-address";

/** What is selected on the page. */
export interface LstmState {
  readonly name: string;
  /** The letter that is read, from 0. */
  readonly letter: number;
  readonly cell: number;
}

export const start: LstmState = { name: "Papadopoulos", letter: 6, cell: 5 };

export const lstmAddress: AddressCodec<LstmState> = {
  name: plainText(20),
  letter: integerText(19),
  cell: integerText(63),
};
