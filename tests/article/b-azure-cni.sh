# Part B of the article: Azure CNI, addresses from the node subnet.
az network vnet create -g aks -n cni-vnet --address-prefixes 10.0.0.0/16 -l eastus -o none
az network vnet subnet create -g aks -n vlan01 --vnet-name cni-vnet --address-prefixes 10.0.0.0/20 -o none
vlan_id=$(az network vnet subnet show -g aks --vnet-name cni-vnet -n vlan01 -o tsv --query id)
az aks create -g aks -n aks-cni -l eastus --network-plugin azure --vnet-subnet-id $vlan_id \
  --docker-bridge-address 172.17.0.1/16 --dns-service-ip 10.2.0.10 --service-cidr 10.2.0.0/24 --node-count 2 -o none
az aks get-credentials -g aks -n aks-cni
kubectl get node
kubectl create deployment nginx --image nginx
kubectl scale deployment nginx --replicas=10
nodename=$(kubectl get node -o jsonpath='{.items[0].metadata.name}')
kubectl debug node/$nodename -it --image=base-ubuntu
cat /host/etc/cni/net.d/10-azure.conflist
more /host/var/log/azure-vnet-ipam.log
ip route
brctl show
exit
kubectl get pod -o wide
near=$(kubectl get pod -o wide | grep vmss000000 | head -1 | awk '{print $1}')
far=$(kubectl get pod -o wide | grep vmss000001 | head -1 | awk '{print $6}')
kubectl exec -it $near -- sh
ifconfig eth0 | grep inet | grep -v inet6
ping -c 2 10.0.0.4
ping -c 2 10.0.0.35
exit
kubectl exec $near -- ping -c 2 $far
