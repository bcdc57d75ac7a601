// What lnd has read, field by field, for those of its messages that no other implementation in these
// tests has. Names are those of our fields; byte strings are hex, numbers are decimal texts.
package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/tlv"
	"github.com/lightningnetwork/lnd/tor"
)

// named are the fields of one message that are there.
type named map[string]any

func fieldsOf(message lnwire.Message) (named, error) {
	all := named{}
	switch m := message.(type) {
	case *lnwire.ClosingComplete:
		all.closing(m.ChannelID, m.CloserScript, m.CloseeScript, m.FeeSatoshis, m.LockTime)
		all.signatures(m.ClosingSigs)
		m.TaprootClosingSigs.CloserNoClosee.WhenSomeV(all.signed("closerNoClosee"))
		m.TaprootClosingSigs.NoCloserClosee.WhenSomeV(all.signed("noCloserClosee"))
		m.TaprootClosingSigs.CloserAndClosee.WhenSomeV(all.signed("closerAndClosee"))
	case *lnwire.ClosingSig:
		all.closing(m.ChannelID, m.CloserScript, m.CloseeScript, m.FeeSatoshis, m.LockTime)
		all.signatures(m.ClosingSigs)
		m.TaprootPartialSigs.CloserNoClosee.WhenSomeV(all.partial("closerNoClosee"))
		m.TaprootPartialSigs.NoCloserClosee.WhenSomeV(all.partial("noCloserClosee"))
		m.TaprootPartialSigs.CloserAndClosee.WhenSomeV(all.partial("closerAndClosee"))
		m.NextCloseeNonce.WhenSomeV(all.nonce("nextCloseeNonce"))
	case *lnwire.DynPropose:
		all["channelId"] = hexOf(m.ChanID[:])
		all.parameters(m)
	case *lnwire.DynAck:
		all["channelId"] = hexOf(m.ChanID[:])
		all["signature"] = hexOf(m.Sig.RawBytes())
		m.LocalNonce.WhenSomeV(all.nonce("localNonce"))
	case *lnwire.DynReject:
		all["channelId"] = hexOf(m.ChanID[:])
		all["updateRejections"] = vector(m.UpdateRejections)
	case *lnwire.DynCommit:
		all["channelId"] = hexOf(m.DynPropose.ChanID[:])
		all["signature"] = hexOf(m.Sig.RawBytes())
		all.parameters(&m.DynPropose)
		m.LocalNonce.WhenSomeV(all.nonce("localNonce"))
	case *lnwire.KickoffSig:
		all["channelId"] = hexOf(m.ChanID[:])
		all["signature"] = hexOf(m.Signature.RawBytes())
	case *lnwire.AnnounceSignatures2:
		all["channelId"] = hexOf(m.ChannelID.Val[:])
		all["shortChannelId"] = number(m.ShortChannelID.Val.ToUint64())
		all.partial("partialSignature")(m.PartialSignature.Val)
	case *lnwire.ChannelAnnouncement2:
		all.channelAnnouncement(m)
	case *lnwire.NodeAnnouncement2:
		all.nodeAnnouncement(m)
	case *lnwire.ChannelUpdate2:
		all.channelUpdate(m)
	default:
		return nil, fmt.Errorf("no fields of %T here", message)
	}
	return all, nil
}

func (all named) closing(id lnwire.ChannelID, closer, closee lnwire.DeliveryAddress,
	fee btcutil.Amount, locktime uint32) {

	all["channelId"] = hexOf(id[:])
	all["closerScriptpubkey"] = hexOf(closer)
	all["closeeScriptpubkey"] = hexOf(closee)
	all["feeSatoshis"] = number(uint64(fee))
	all["locktime"] = number(locktime)
}

func (all named) signatures(m lnwire.ClosingSigs) {
	m.CloserNoClosee.WhenSomeV(all.signature("closerOutputOnly"))
	m.NoCloserClosee.WhenSomeV(all.signature("closeeOutputOnly"))
	m.CloserAndClosee.WhenSomeV(all.signature("closerAndCloseeOutputs"))
}

func (all named) parameters(m *lnwire.DynPropose) {
	m.DustLimit.WhenSomeV(all.amount("dustLimitSatoshis"))
	m.MaxValueInFlight.WhenSomeV(all.msat("maxHtlcValueInFlightMsat"))
	m.HtlcMinimum.WhenSomeV(all.msat("htlcMinimumMsat"))
	m.ChannelReserve.WhenSomeV(all.amount("channelReserveSatoshis"))
	m.CsvDelay.WhenSomeV(func(v uint16) { all["toSelfDelay"] = number(v) })
	m.MaxAcceptedHTLCs.WhenSomeV(func(v uint16) { all["maxAcceptedHtlcs"] = number(v) })
	m.ChannelType.WhenSomeV(func(v lnwire.ChannelType) {
		all["channelType"] = vector(lnwire.RawFeatureVector(v))
	})
}

// lnd has no absent chain hash: that of mainnet stands for it, and is left out here.
func (all named) channelAnnouncement(m *lnwire.ChannelAnnouncement2) {
	all.chain(m.ChainHash.Val[:])
	all["features"] = vector(m.Features.Val)
	all["shortChannelId"] = number(m.ShortChannelID.Val.ToUint64())
	all["capacitySatoshis"] = number(m.Capacity.Val)
	all["nodeId1"] = hexOf(m.NodeID1.Val[:])
	all["nodeId2"] = hexOf(m.NodeID2.Val[:])
	m.BitcoinKey1.WhenSomeV(func(v [33]byte) { all["bitcoinKey1"] = hexOf(v[:]) })
	m.BitcoinKey2.WhenSomeV(func(v [33]byte) { all["bitcoinKey2"] = hexOf(v[:]) })
	m.MerkleRootHash.WhenSomeV(func(v [32]byte) { all["merkleRootHash"] = hexOf(v[:]) })
	all["outpoint"] = named{
		"txid":  hexOf(m.Outpoint.Val.Hash[:]),
		"index": number(m.Outpoint.Val.Index),
	}
	all["signature"] = hexOf(m.Signature.Val.RawBytes())
}

func (all named) nodeAnnouncement(m *lnwire.NodeAnnouncement2) {
	all["features"] = vector(m.Features.Val)
	m.Color.WhenSomeV(func(v lnwire.Color) { all["color"] = hexOf([]byte{v.R, v.G, v.B}) })
	all["blockHeight"] = number(m.BlockHeight.Val)
	m.Alias.WhenSomeV(func(v lnwire.NodeAlias2) { all["alias"] = hexOf(v) })
	all["nodeId"] = hexOf(m.NodeID.Val[:])
	m.IPV4Addrs.WhenSomeV(func(v lnwire.IPV4Addrs) {
		hosts := []named{}
		for _, a := range v {
			hosts = append(hosts, host("ipv4", a.IP.To4(), a.Port))
		}
		all["ipv4Addrs"] = hosts
	})
	m.IPV6Addrs.WhenSomeV(func(v lnwire.IPV6Addrs) {
		hosts := []named{}
		for _, a := range v {
			hosts = append(hosts, host("ipv6", a.IP.To16(), a.Port))
		}
		all["ipv6Addrs"] = hosts
	})
	m.TorV3Addrs.WhenSomeV(func(v lnwire.TorV3Addrs) {
		hosts := []named{}
		for _, a := range v {
			name := strings.TrimSuffix(a.OnionService, tor.OnionSuffix)
			service, err := tor.Base32Encoding.DecodeString(name)
			if err != nil {
				service = []byte(err.Error())
			}
			hosts = append(hosts, host("torv3", service, a.Port))
		}
		all["torV3Addrs"] = hosts
	})
	m.DNSHostName.WhenSomeV(func(v lnwire.DNSAddress) {
		all["dnsHostname"] = named{"hostname": hexOf([]byte(v.Hostname)), "port": number(v.Port)}
	})
	all["signature"] = hexOf(m.Signature.Val.RawBytes())
}

// Defaults are what lnd has read where nothing was written.
func (all named) channelUpdate(m *lnwire.ChannelUpdate2) {
	all.chain(m.ChainHash.Val[:])
	all["shortChannelId"] = number(m.ShortChannelID.Val.ToUint64())
	all["blockHeight"] = number(m.BlockHeight.Val)
	all["disableFlags"] = number(m.DisabledFlags.Val)
	m.SecondPeer.WhenSomeV(func(lnwire.TrueBoolean) { all["secondPeer"] = "true" })
	all["cltvExpiryDelta"] = number(m.CLTVExpiryDelta.Val)
	all["htlcMinimumMsat"] = number(m.HTLCMinimumMsat.Val)
	all["htlcMaximumMsat"] = number(m.HTLCMaximumMsat.Val)
	all["feeBaseMsat"] = number(m.FeeBaseMsat.Val)
	all["feeProportionalMillionths"] = number(m.FeeProportionalMillionths.Val)
	m.InboundFee.WhenSomeV(func(v lnwire.Fee) {
		all["inboundFee"] = fmt.Sprintf("%08x%08x", uint32(v.BaseFee), uint32(v.FeeRate))
	})
	all["signature"] = hexOf(m.Signature.Val.RawBytes())
}

func (all named) chain(hash []byte) {
	if !bytes.Equal(hash, chaincfg.MainNetParams.GenesisHash[:]) {
		all["chainHash"] = hexOf(hash)
	}
}

func (all named) signature(key string) func(lnwire.Sig) {
	return func(v lnwire.Sig) { all[key] = hexOf(v.RawBytes()) }
}

func (all named) partial(key string) func(lnwire.PartialSig) {
	return func(v lnwire.PartialSig) {
		scalar := v.Sig.Bytes()
		all[key] = hexOf(scalar[:])
	}
}

func (all named) signed(key string) func(lnwire.PartialSigWithNonce) {
	return func(v lnwire.PartialSigWithNonce) {
		scalar := v.PartialSig.Sig.Bytes()
		all[key] = named{"partialSignature": hexOf(scalar[:]), "publicNonce": hexOf(v.Nonce[:])}
	}
}

func (all named) nonce(key string) func(lnwire.Musig2Nonce) {
	return func(v lnwire.Musig2Nonce) { all[key] = hexOf(v[:]) }
}

func (all named) msat(key string) func(lnwire.MilliSatoshi) {
	return func(v lnwire.MilliSatoshi) { all[key] = number(v) }
}

func (all named) amount(key string) func(tlv.BigSizeT[btcutil.Amount]) {
	return func(v tlv.BigSizeT[btcutil.Amount]) { all[key] = number(uint64(v.Int())) }
}

func host(kind string, address []byte, port int) named {
	return named{"type": kind, "address": hexOf(address), "port": number(port)}
}

func vector(features lnwire.RawFeatureVector) string {
	var buffer bytes.Buffer
	if err := features.EncodeBase256(&buffer); err != nil {
		return err.Error()
	}
	return hexOf(buffer.Bytes())
}

func hexOf(value []byte) string { return hex.EncodeToString(value) }

// Types of lnd that print themselves with a unit are numbers here.
func number[N ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64](value N) string {
	return fmt.Sprintf("%d", value)
}
